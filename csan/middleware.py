"""What every answer gets that no library gives it."""

import gzip
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from csan import faults

Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
# The staff site's theme runs on inline scripts and expressions; it still loads and sends nothing elsewhere.
STAFF_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# Home: 36.6 kB go as 9.7 in 0.14 ms; level 6 would save 1 kB more and cost three times that.
GZIP_LEVEL = 3
COMPRESSIBLE = ("text/", "application/xml", "application/atom+xml", "application/json", "application/manifest+json")
SMALL = 600  # bytes; less fits into one packet anyway

OF_THE_VIEW = ("_csp_config", "_csp_exempt", "_csp_replace", "_csp_update")  # how django-csp's decorators mark answers


class ContentPolicy(CSPMiddleware):
    """The content policy, put into words once: it is the same on every page that does not ask for another."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = cast(HttpResponse, self.get_response(request))
        if request.path_info.startswith(tuple(settings.CONTENT_SECURITY_POLICY["EXCLUDE_URL_PREFIXES"])):
            return response
        if any(name in response.__dict__ for name in OF_THE_VIEW):
            self.process_response(request, response)
        else:
            response.headers.setdefault(HEADER, self.words)
        return response

    @cached_property
    def words(self) -> str:
        return str(build_policy())


class OnlyForStaff:
    """Before a middleware that only the staff site has a use for: nobody else waits for it, or gets its cookie."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            return cast(HttpResponse, self.get_response(request))
        response: HttpResponse = super().__call__(request)  # type: ignore[misc]  # the middleware behind this
        return response


class StaffSessions(OnlyForStaff, SessionMiddleware):
    """Who is at work."""


class StaffLogins(OnlyForStaff, AuthenticationMiddleware):
    """Their account."""


class StaffMessages(OnlyForStaff, MessageMiddleware):
    """What was done, said on the next page."""


def own_headers(get_response: Handler) -> Handler:
    """Renounce what pages never use (W3C Permissions Policy), and give the staff site its own content policy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path_info.startswith("/admin/"):
            response.setdefault("Content-Security-Policy", STAFF_POLICY)
        return response

    return middleware


def compress_public_pages(get_response: Handler) -> Handler:
    """Compress pages that hold no secret; ask the proxy to leave alone those that may hold one.

    A page that is not to be kept shows somebody's key or what was typed. Compressed, its size could tell a listener
    what stands in it (BREACH, CVE-2013-3587), so it goes as it is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kept = response.get("Cache-Control", "")
        if request.path_info.startswith("/admin/"):
            return response  # as it is: its secrets are masked, and its cookie comes with no other site's request
        if "no-store" in kept or "private" in kept:
            if "no-transform" not in kept:
                patch_cache_control(response, no_transform=True)
        elif is_compressible(request, response):
            patch_vary_headers(response, ["Accept-Encoding"])
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
                response["Content-Encoding"] = "gzip"
                response["Content-Length"] = str(len(response.content))
        return response

    return middleware


def is_compressible(request: HttpRequest, response: HttpResponse) -> bool:
    """A page or a feed, asked for by its address alone, the same for everybody."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and response.get("Content-Type", "").startswith(COMPRESSIBLE)
        and len(response.content) > SMALL
    )


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


def maintenance(get_response: Handler) -> Handler:
    """Answer 503 to all but what says how we are, while `MAINTENANCE` is set or `MAINTENANCE_FILE` is there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if faults.is_closed_for(request.path_info):
            return faults.unavailable(request, "maintenance.html", faults.MAINTENANCE_FOR)
        return get_response(request)

    return middleware
