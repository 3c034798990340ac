"""When something is out of order, a page with a way on: our own fault, a database that is gone, maintenance."""

import os
from http import HTTPStatus
from pathlib import Path
from sys import exc_info

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

GONE_FOR = 60  # seconds after which to try again when the database does not answer
MAINTENANCE_FOR = 600  # … and during maintenance
FOR_STAFF = "staff"  # in MAINTENANCE_FILE: the staff site stays open
# What says how we are must go on saying it. The readiness too: a balancer that takes us out shows a page of its own.
ALWAYS_OPEN = ("/healthz", "/readyz", "/metrics")


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django shows for an exception that nobody caught: 503 where the database is gone, else 500."""
    if isinstance(exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request, "503.html", GONE_FOR)
    return bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django shows for a request that it cannot trust or read."""
    return bare("400.html", HTTPStatus.BAD_REQUEST)


def bare(template: str, status: HTTPStatus, **words: object) -> HttpResponse:
    """A page made without the request, whose context could be what has failed; it is kept by nobody."""
    names = {"site_name": settings.SITE_NAME, "site_short_name": settings.SITE_SHORT_NAME}
    response = HttpResponse(render_to_string(template, {**names, **words}), status=status)
    add_never_cache_headers(response)
    return response


def unavailable(request: HttpRequest, template: str, seconds: int) -> HttpResponse:
    """A 503 that says when to try again, to people and to programs."""
    words = {"minutes": max(1, seconds // 60), "is_post": request.method == "POST"}
    response = bare(template, HTTPStatus.SERVICE_UNAVAILABLE, **words)
    response["Retry-After"] = str(seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of the staff site that came without its token."""
    return HttpResponse(render_to_string("403.html", request=request), status=HTTPStatus.FORBIDDEN)


def is_closed_for(path: str) -> bool:
    """Whether maintenance keeps this address closed now; the file can be put there and taken away at any moment."""
    if path in ALWAYS_OPEN:
        return False
    if settings.MAINTENANCE:
        return True
    if not os.access(settings.MAINTENANCE_FILE, os.F_OK):  # nearly always, and it costs no exception
        return False
    try:
        words = Path(settings.MAINTENANCE_FILE).read_text()
    except OSError:
        return False
    return not (words.strip() == FOR_STAFF and path.startswith("/admin/"))
