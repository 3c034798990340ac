"""Who else registered the local, for its contact to say who they are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.private_page import colleagues, handing_over
from campaigns.private_page.private_forms import OtherForm
from campaigns.private_page.relinking import Visit
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib.origin import public_post
from csan.lib.pages import see_other

PAGE = "campaigns/registration_others.html"


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def others(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add them, hand over to them, or say that they are not of the local. Only the contact does that."""
    if not visit.is_contact:
        return see_other("campaigns:registration", visit.key)
    form = OtherForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("campaigns:registration-others", visit.key)
    if request.method == "POST" and form.is_valid():
        try:
            handing_over.answer(registration=visit.registration, **form.answer)
        except handing_over.AlreadyAnswered:
            return see_other("campaigns:registration-others", visit.key)
        except (colleagues.TooMany, colleagues.IsContact, colleagues.NoLongerLiving):
            form.add_error(None, _("They cannot get a link now. Please write to us."))
        else:
            if form.answer["told"] == handing_over.Answer.CONTACT:
                return see_other("campaigns:handed-over")
            return see_other("campaigns:registration-others", visit.key)
    return private_form_page(request, PAGE, form, visit, others=handing_over.waiting(visit.registration))


@require_safe
def handed_over(request: HttpRequest) -> HttpResponse:
    """What they see whose link has just stopped working; it names nobody."""
    return render(request, "campaigns/handed_over.html")
