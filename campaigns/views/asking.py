"""Correcting what the local told us: itself until the freeze, by asking staff after it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.entering import branches, registering
from campaigns.entering.forms import ChangeForm
from campaigns.models import ChangeRequest
from campaigns.private_page import changing
from campaigns.private_page.private_forms import AskForm
from campaigns.private_page.relinking import Visit
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import see_other


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Correct what the local told us, until the freeze."""
    found = visit.registration
    if request.method != "POST" and not registering.can_be_changed(found):
        return see_other("campaigns:registration", visit.key)
    form = ChangeForm.showing(found, request=request, data=posted(request))
    if form.is_trapped:
        return see_other("campaigns:registration", visit.key)
    if form.adds_place:
        return private_form_page(request, "campaigns/registration_change.html", form.as_typed(one_more=True), visit)
    if request.method != "POST" or not form.is_valid():
        return private_form_page(request, "campaigns/registration_change.html", form, visit)
    try:
        registering.change_registration(registration=found, details=form.details())
    except branches.PlaceInUse:
        form.add_error(
            None, _("A box is being made ready for a place that you took away. Please reply to one of our e-mails.")
        )
        return private_form_page(request, "campaigns/registration_change.html", form, visit)
    except (registering.Frozen, registering.NotLiving):
        form.add_error(None, _("This can no longer be changed here. Please reply to one of our e-mails."))
        return private_form_page(request, "campaigns/registration_change.html", form, visit)
    return see_other("campaigns:registration", visit.key)


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask staff for a change after the freeze, or take back what was asked."""
    found = visit.registration
    waiting = found.change_requests.filter(status=ChangeRequest.Status.ASKED).first()
    if request.method != "POST" and not (waiting or changing.can_be_asked(found)):
        return see_other("campaigns:registration", visit.key)
    if waiting:
        return _take_back(request, visit, waiting)
    form = AskForm.showing(found, request=request, data=posted(request))
    if form.is_trapped:
        return see_other("campaigns:registration", visit.key)
    if form.adds_place:
        return private_form_page(request, "campaigns/registration_ask.html", form.as_typed(one_more=True), visit)
    if request.method != "POST" or not form.is_valid():
        return private_form_page(request, "campaigns/registration_ask.html", form, visit)
    try:
        changing.ask_change(
            registration=found, details=form.details(), why=form.cleaned_data["why"], asked_by=visit.name
        )
    except changing.NothingChanged:
        form.add_error(None, _("This is what we know already. Please change what should be different."))
    except changing.CannotAsk:
        form.add_error(None, _("This can no longer be changed here. Please reply to one of our e-mails."))
    except changing.AskedAlready:
        return see_other("campaigns:registration-ask", visit.key)
    if form.errors:
        return private_form_page(request, "campaigns/registration_ask.html", form, visit)
    return see_other("campaigns:registration", visit.key)


def _take_back(request: HttpRequest, visit: Visit, waiting: ChangeRequest) -> HttpResponse:
    """One change at a time: what waits is shown, with a button that takes it back."""
    takes_back = request.method == "POST" and "take_back" in request.POST
    form = EmptyForm(request.POST if takes_back else None, request=request)
    if takes_back and (form.is_trapped or form.is_valid()):
        if not form.is_trapped:
            changing.take_back(registration=visit.registration)
        return see_other("campaigns:registration", visit.key)
    if request.method == "POST" and not takes_back:  # a second form, sent from another window
        return see_other("campaigns:registration-ask", visit.key)
    return private_form_page(request, "campaigns/registration_asked.html", form, visit, waiting=waiting)
