"""Public forms carry no CSRF cookie, so that pages can be cached. Posts from other sites are refused by headers.

A browser says where a POST comes from: `Sec-Fetch-Site` (all current browsers), else `Origin`. A client that sends
neither is no browser and carries nobody's standing, so there is nothing to forge. Staff pages keep Django's CSRF.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that this request was made by another site."""
    # From META: `headers` would first make a table of all of them.
    if site := request.META.get("HTTP_SEC_FETCH_SITE"):
        return site not in ("same-origin", "none")
    origin = request.META.get("HTTP_ORIGIN")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def public_post(view: View[P]) -> View[P]:
    """Take POSTs of our own pages without a CSRF token; answer 403 to those of other sites."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in SAFE_METHODS and is_cross_site(request):
            return render(request, "403.html", status=403)
        return view(request, *args, **kwargs)

    return cast(View[P], guarded)
