"""Public pages kept whole for a moment in each web process: what a crowd asks for is made once, not once for each.

The number on a page is never older than `PAGES_KEPT` says, in seconds; a cache in front may keep it for as long as
the page itself allows. Who may see a page decides the page: only what it calls public is kept, and only for those who
bring nothing of their own with them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import cc_delim_re

Handler = Callable[[HttpRequest], HttpResponse]
Key = tuple[str | None, ...]

MOST = 200  # pages, of some 40 kB
FRESH = 0.75  # of the time; in the rest one visitor brings the new one, while the others get the old one
# A request with one of these is not everybody's: somebody who is known, or who has a copy and asks whether it holds.
OF_ONE = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")


@dataclass(slots=True)
class Kept:
    """A page, and when it is time to make it anew."""

    response: HttpResponse
    fresh_until: float
    good_until: float


_kept: dict[Key, Kept] = {}


def keep_public_pages(get_response: Handler) -> Handler:
    """Answer with the page as it was a moment ago, where there is one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        seconds = settings.PAGES_KEPT
        if not seconds or (key := key_of(request)) is None:
            return get_response(request)
        now, kept = time.monotonic(), _kept.get(key)
        if kept is not None and now < kept.good_until:
            if now < kept.fresh_until:
                return copy_of(kept.response)
            kept.fresh_until = kept.good_until  # this visitor brings the new one
        response = get_response(request)
        if may_be_kept(response):
            keep(key, response, now, seconds)
        return response

    return middleware


def key_of(request: HttpRequest) -> Key | None:
    """What a page is kept under; None where the request is not everybody's, or its address may be made up."""
    meta = request.META
    if request.method != "GET" or meta.get("QUERY_STRING") or any(meta.get(name) for name in OF_ONE):
        return None
    return (
        request.path_info,
        meta.get("HTTP_HOST"),
        meta.get("HTTP_X_FORWARDED_PROTO"),
        "gzip" if "gzip" in meta.get("HTTP_ACCEPT_ENCODING", "") else "",
    )


def may_be_kept(response: HttpResponse) -> bool:
    """Whether the page is the same for everybody: it says so itself."""
    rules = cc_delim_re.split(response.get("Cache-Control", ""))
    varies = [name.lower() for name in cc_delim_re.split(response.get("Vary", "")) if name]
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in rules
        and not {"no-store", "no-cache", "private", "max-age=0"} & set(rules)
        and set(varies) <= {"accept-encoding"}
    )


def keep(key: Key, response: HttpResponse, now: float, seconds: float) -> None:
    """Keep a page; where there are too many, those that have grown old make room, and if need be all."""
    if len(_kept) >= MOST:
        for old in [each for each, kept in list(_kept.items()) if kept.good_until <= now]:
            _kept.pop(old, None)
        if len(_kept) >= MOST:
            _kept.clear()
    _kept[key] = Kept(copy_of(response), now + FRESH * seconds, now + seconds)


def copy_of(response: HttpResponse) -> HttpResponse:
    """The same answer for another visitor. Its headers and bytes are shared: nobody changes them any more."""
    other: HttpResponse = object.__new__(type(response))
    other.__dict__.update(response.__dict__, _resource_closers=[], closed=False)
    return other


def forget_pages() -> None:
    """As a process that has just begun."""
    _kept.clear()
