"""The local's private page, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.boxes import shipping
from campaigns.entering import merging, registering
from campaigns.models import Box
from campaigns.private_page import standing
from campaigns.private_page.relinking import Visit
from campaigns.reports import reporting
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, of_visit, private_form_page
from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import see_other


@behind_a_link
@require_safe
def registration(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How it stands step by step, the boxes and what is in them, what was registered, what can be done."""
    found = visit.registration
    boxes = standing.boxes_of(found)
    takes_part = found.status == found.Status.APPROVED
    is_ours = registering.can_be_withdrawn(found)
    context = of_visit(
        visit,
        stages=standing.stages(found, boxes),
        tasks=found.tasks.order_by("position", "pk"),
        places=found.places.order_by("position"),
        box=boxes[-1] if boxes else None,
        boxes=[(box, shipping.tracking_url(box)) for box in boxes],
        under_way=Box.UNDER_WAY,
        planned=standing.planned(found, boxes) if found.is_living else [],
        toolkit=merging.toolkit_of(found) if takes_part else [],
        takes_part=takes_part,
        colleagues=found.colleagues.filter(removed_at=None).order_by("pk"),
        can_report=reporting.can_report(found),
        others_wait=found.is_living and found.other_contacts.filter(answer="").exists(),
        last_request=found.change_requests.order_by("-pk").first(),
        can_be_changed=is_ours and not found.is_frozen,
        can_be_asked=is_ours and found.is_frozen,
        can_be_withdrawn=is_ours,
    )
    return render(request, "campaigns/registration.html", context)


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The local takes no part after all: a button on GET, because mail scanners follow links. For the contact."""
    found = visit.registration
    if not visit.is_contact or (request.method != "POST" and not registering.can_be_withdrawn(found)):
        return see_other("campaigns:registration", visit.key)
    form = EmptyForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("campaigns:registration", visit.key)
    if request.method != "POST" or not form.is_valid():
        return private_form_page(request, "campaigns/registration_withdraw.html", form, visit)
    try:
        registering.withdraw_registration(registration=found)
    except registering.BoxHasLeft:
        form.add_error(None, _("Your box has left already. Please reply to one of our e-mails."))
        return private_form_page(request, "campaigns/registration_withdraw.html", form, visit)
    return see_other("campaigns:registration", visit.key)
