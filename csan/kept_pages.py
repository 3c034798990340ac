"""The busiest pages, kept in the web process for a second, in front of everything else.

On a viral day everybody asks for two addresses. Whoever asks within the second gets the bytes that were made for the
first one, without a request object, a middleware or a statement; of those who come when the second is over, one makes
the page and the others wait for it. A view says by `csan.lib.caching` that its answer may be kept; it is the same for
everybody, so the key is the address. An address with a query is never kept: each of its visitors may see another.

A signature that is confirmed on this server makes the page anew for whoever asks next (`csan.lib.changes`), but never
so often that more than a tenth of the time goes into it: on a day with hundreds of confirmations a second the count
is some hundredths of a second old, and from other machines a second at most.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from csan.lib import changes
from csan.lib.caching import KEPT

ADDRESSES = re.compile(r"(/es)?/petitions/[\w-]+/(count\.json|results\.csv|results/|embed/)?")
MOST = 200  # pages; beyond that all are forgotten, so that made-up host names cannot fill the memory
LOCKS = 64
REST = 10  # times as long as a page took to make, it stands whatever has changed
PATIENCE = 5  # seconds to wait for who makes the page, before making it too
BODY_HEADERS = ("content-length", "content-type", "content-encoding", "content-language")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer, and by the clock that never goes back until when it may be given again; 0 for never.

    `mark`: what was seen before it was made; once that is another one, it stands only until `at_least_until`.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    until: float = 0
    at_least_until: float = 0
    mark: bytes = b""

    @property
    def is_fresh(self) -> bool:
        now = time.monotonic()
        return now < self.until and (self.mark == changes.seen() or now < self.at_least_until)

    @property
    def etag(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "etag"), "")

    def give(self, wanted: str, start_response: StartResponse) -> list[bytes]:
        """Send it; only its head where the reader has it already, as `wanted`, their If-None-Match, says."""
        if wanted and self.etag and self.etag in (each.strip() for each in wanted.split(",")):
            head = [(name, value) for name, value in self.headers if name.lower() not in BODY_HEADERS]
            start_response("304 Not Modified", head)
            return []
        start_response(self.status, self.headers)
        return [self.body]


class KeptPages:
    """A WSGI application around another one."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.answers: dict[Key, Answer] = {}
        self.locks = [Lock() for _ in range(LOCKS)]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if (
            environ["REQUEST_METHOD"] != "GET"
            or environ.get("QUERY_STRING")
            or not ADDRESSES.fullmatch(environ["PATH_INFO"])
        ):
            return self.application(environ, start_response)
        wanted = environ.pop("HTTP_IF_NONE_MATCH", "")  # asked of what is kept, which is always whole
        key = key_of(environ)
        answer = self.answers.get(key)
        if answer is None or not answer.is_fresh:
            answer = self._make(key, environ)
        return answer.give(wanted, start_response)

    def _make(self, key: Key, environ: Environ) -> Answer:
        """The answer, made by one of those who ask at the same time."""
        lock = self.locks[hash(key) % LOCKS]
        is_ours = lock.acquire(timeout=PATIENCE)
        try:
            kept = self.answers.get(key)
            if kept and kept.is_fresh:
                return kept
            answer = whole_answer(self.application, environ)
            if answer.until:
                if len(self.answers) >= MOST:
                    self.answers.clear()
                self.answers[key] = answer
            return answer
        finally:
            if is_ours:
                lock.release()


def key_of(environ: Environ) -> Key:
    """All that an answer depends on: the address, how it was reached, and whether it may be compressed."""
    return (
        environ["PATH_INFO"],
        environ.get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        "gzip" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "",
    )


def whole_answer(application: Application, environ: Environ) -> Answer:
    """Let the application answer, and keep what it says. The page is as old as the moment at which it was begun."""
    said: list[Any] = []
    mark, began = changes.seen(), time.monotonic()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        said[:] = [status, headers]

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    status, headers = said
    seconds = float(environ.get(KEPT, 0)) if status.startswith("200 ") else 0
    if not seconds:
        return Answer(status, headers, body)
    ended = time.monotonic()
    return Answer(status, headers, body, began + seconds, ended + REST * (ended - began), mark)
