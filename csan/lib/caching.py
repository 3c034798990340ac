"""Public pages that anybody may keep: for how long, what to show when we are slow or down, and when nothing changed.

They vary by nothing but their address, which has the language in it. What is said here is read by browsers, by the
proxy in front, and by `csan.kept_pages`, which keeps the page in the web process itself.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponse)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
KEPT = "csan.kept"  # in a request's environment: the seconds that the web process may keep the page
# When a form was drawn. It is another moment in each drawing and says nothing new to who reads the page.
DRAWN_AT = re.compile(rb'name="began" value="\d+"')
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private, no-transform"
HASH_SIZE = 12  # bytes


def etag_of(content: bytes) -> str:
    """A weak validator: the same for pages that say the same, compressed or not."""
    return f'W/"{blake2b(DRAWN_AT.sub(b"", content), digest_size=HASH_SIZE).hexdigest()}"'


def cacheable(
    *,
    max_age: int | Callable[[], int],
    stale_while_revalidate: int,
    stale_if_error: int,
    kept: float | Callable[[], float] = 0,
) -> Callable[[View[P]], View[P]]:
    """For a view whose answer is the same for everybody. All in seconds; RFC 5861 has the two `stale` ones.
    What may change is given as a function, asked at each answer.

    With `kept` the web process itself may give the same answer for that long. An answer to what the reader has
    already is 304 and empty. What is not a page, such as a 404, is left as it is.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            here = kept() if callable(kept) else kept
            if here:
                request.META[KEPT] = here
            patch_cache_control(
                response,
                public=True,
                max_age=max_age() if callable(max_age) else max_age,
                stale_while_revalidate=stale_while_revalidate,
                stale_if_error=stale_if_error,
            )
            if response["Content-Type"].startswith("text/"):  # else too small to be compressed
                patch_vary_headers(response, ["Accept-Encoding"])
            response["ETag"] = etag_of(response.content)
            return get_conditional_response(request, etag=response["ETag"], response=response) or response

        return cast(View[P], answer)

    return decorate


def never_kept(view: View[P]) -> View[P]:
    """For a view whose answers are for one person. The words of Django's `never_cache`, which makes them up each time,
    and that nobody on the way may change the page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = NEVER
        return response

    return cast(View[P], answer)


def open_to_all(response: R) -> R:
    """Scripts of any site may read this answer (Fetch, section 3.2). No cookie ever comes with it, and none is set."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
