"""What every page shares: the site's words in templates, redirects that a browser may reload, form answers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import escape_leading_slashes

from csan.lib.forms import PublicForm
from csan.lib.languages import in_language, twin
from csan.lib.urls import path_to


class SeeOther(HttpResponseRedirect):
    """303: the POST has been done; what follows is a GET, and reloading it does nothing again."""

    status_code = 303


def see_other(to: str, *args: Any) -> SeeOther:
    """A 303 to a named page."""
    return SeeOther(path_to(to, *args))


def form_page(request: HttpRequest, template: str, form: PublicForm, **context: Any) -> HttpResponse:
    """A page with its form: 200 before the POST, 422 with errors, 429 with `Retry-After` for a spent budget."""
    status = form.status if form.is_bound and not form.is_valid() else 200
    response = render(request, template, {"form": form, **context}, status=status)
    if form.retry_after:
        response["Retry-After"] = str(form.retry_after)
    return response


def slogan() -> str:
    """The program's slogan in the reader's language."""
    return in_language(settings.SITE_SLOGAN, settings.SITE_SLOGAN_ES)


def promise() -> str:
    """The sentence under the slogan in the reader's language."""
    return in_language(settings.SITE_PROMISE, settings.SITE_PROMISE_ES)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the program's names and words, and this page's address in each language."""
    path = escape_leading_slashes(request.get_full_path())  # else `//other.example/` would be a link to another site
    return {
        "site_name": settings.SITE_NAME,
        "site_short_name": settings.SITE_SHORT_NAME,
        "site_hashtag": settings.SITE_HASHTAG,
        "site_slogan": slogan(),
        "site_promise": promise(),
        "postal_address": settings.POSTAL_ADDRESS,
        "facebook_name": settings.FACEBOOK_NAME,
        "instagram_name": settings.INSTAGRAM_NAME,
        "is_local": settings.LOCAL,
        "base_url": settings.BASE_URL,
        "translations": {code: twin(path, code) for code, _ in settings.LANGUAGES},
    }
