"""Did it arrive, and what a local prints for itself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.boxes import arrivals
from campaigns.entering import merging
from campaigns.models import Box
from campaigns.private_page import handouts
from campaigns.private_page.private_forms import ArrivalForm
from campaigns.private_page.relinking import Visit
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib.origin import public_post
from csan.lib.pages import see_other


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """All here, or which things are missing."""
    box = get_object_or_404(Box.objects.filter(registration=visit.registration).select_related("place"), code=code)
    if request.method != "POST" and box.status not in Box.UNDER_WAY:
        return see_other("campaigns:registration", visit.key)
    lines = list(box.lines.select_related("item").order_by("pk"))
    form = ArrivalForm(posted(request), request=request, lines=lines)
    if form.is_trapped:
        return see_other("campaigns:registration", visit.key)
    if request.method == "POST" and form.is_valid() and _is_told(form, box, visit):
        return see_other("campaigns:registration", visit.key)
    return private_form_page(request, "campaigns/registration_arrived.html", form, visit, box=box)


def _is_told(form: ArrivalForm, box: Box, visit: Visit) -> bool:
    """Whether it is written down; else the form says what is wrong."""
    try:
        if form.is_all_here:
            arrivals.tell_all_here(box=box, told_by=visit.name)
        else:
            note = form.cleaned_data["note"]
            arrivals.tell_missing(box=box, missing=form.missing_items, note=note, told_by=visit.name)
    except arrivals.NothingMissing:
        form.add_error(None, _("Please say how many of which thing are missing, or tell us in your own words."))
    except arrivals.MoreThanPacked:
        form.add_error(None, _("More is missing than was in the box. Please look at the numbers again."))
    except arrivals.NotUnderWay:
        form.add_error(None, _("This box is not on its way any more. Please reply to one of our e-mails."))
    else:
        return True
    return False


@behind_a_link
@require_safe
def handout(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """A PDF with the local's name, number and code in it, for who takes part."""
    registration: Any = visit.registration
    if name not in handouts.DRAWN or registration.status != registration.Status.APPROVED:
        raise Http404
    pdf = handouts.DRAWN[name](merging.facts_of(registration))
    filename = f"{name}-{registration.local.number}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{filename}"', "X-Robots-Tag": "noindex"},
    )
