"""The colleagues of a local's contact."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.private_page import colleagues as people
from campaigns.private_page.private_forms import ColleagueForm, RemoveForm
from campaigns.private_page.relinking import Visit
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib.origin import public_post
from csan.lib.pages import see_other

PAGE = "campaigns/registration_colleagues.html"


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who else has a link; add somebody, take a link away. Only the contact does that."""
    if not visit.is_contact:
        return see_other("campaigns:registration", visit.key)
    if "remove" in request.POST:
        return _remove(request, visit)
    form = ColleagueForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("campaigns:registration-colleagues", visit.key)
    if request.method == "POST" and form.is_valid() and _is_added(form, visit):
        return see_other("campaigns:registration-colleagues", visit.key)
    living = visit.registration.colleagues.filter(removed_at=None).order_by("pk")
    return private_form_page(request, PAGE, form, visit, colleagues=living, most=people.MOST)


def _is_added(form: ColleagueForm, visit: Visit) -> bool:
    """Whether the letter is on its way; else the form says what is wrong."""
    data = form.cleaned_data
    try:
        people.add_colleague(
            registration=visit.registration, name=data["name"], role=data["role"], email=data["email"]
        )
    except people.IsContact:
        form.add_error("email", _("This is your own address. You have a link already."))
    except people.TooMany:
        form.add_error(None, _("You have added as many colleagues as you can. Remove one first, or write to us."))
    except people.NoLongerLiving:
        form.add_error(None, _("Your local takes no part any more, so nobody can be added."))
    else:
        return True
    return False


def _remove(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = RemoveForm(request.POST, request=request)
    if not form.is_trapped and form.is_valid():
        people.remove_colleague(registration=visit.registration, pk=form.cleaned_data["remove"])
    return see_other("campaigns:registration-colleagues", visit.key)
