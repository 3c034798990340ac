"""What every answer gets that no library gives it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
# The staff site's theme runs on inline scripts and expressions; it still loads and sends nothing elsewhere.
STAFF_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def own_headers(get_response: Handler) -> Handler:
    """Renounce what pages never use (W3C Permissions Policy), and give the staff site its own content policy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path_info.startswith("/admin/"):
            response.setdefault("Content-Security-Policy", STAFF_POLICY)
        return response

    return middleware


def language_of_path(get_response: Handler) -> Handler:
    """The language is the address's: `/es/…` is Spanish, all else English.

    Django's own middleware looks at the browser's wishes too and tells caches so, which would split them for nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.setdefault("Content-Language", language)
        return response

    return middleware
