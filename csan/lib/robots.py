"""Telling programs that follow links from people who do, as far as that can be told without watching anybody.

Mail filters open every link of a letter, many of them under a browser's name. What gives them away is that nobody
reads three pages in ten seconds. To see that, a hash of where a visitor comes from stands in Redis beside the links
that it followed, and is gone within twenty seconds. Without Redis such programs count as people.
"""

import re
from dataclasses import dataclass, field

import redis
from django.http import HttpRequest

from csan.lib.ratelimit import Budget, client_network
from csan.lib.redis import attempt

NAMES = re.compile(
    r"(?<!cu)bot|crawl|spider|scan|preview|fetch|monitor|\bcheck|curl|wget|python|java/|okhttp|axios|go-http"
    r"|libwww|ruby|perl|headless|phantom|proofpoint|barracuda|mimecast|safelinks|symantec|trendmicro|sophos"
    r"|existence discovery|google-?image|slurp|facebookexternalhit|whatsapp",
    re.IGNORECASE,
)
AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")  # how browsers say that nobody has asked yet
SPAN = 10  # seconds in which nobody reads three pages
MOST = 2


@dataclass(frozen=True)
class Follower:
    """Who followed a link. `taken_back`: links that were taken for a person's a moment ago, and were this one's."""

    is_a_program: bool
    taken_back: list[str] = field(default_factory=list)


def follower(request: HttpRequest, link: str) -> Follower:
    """Look at who follows `link`: at what it says of itself, and at how many others it has just followed."""
    if is_a_program(request):
        return Follower(is_a_program=True)
    subject = f"{client_network(request)} {request.headers['User-Agent']}"
    key = Budget("links", subject, MOST, SPAN).key

    def note(client: redis.Redis) -> tuple[bool, set[str]]:
        pipe = client.pipeline()  # as one, so that of links followed at once just one is the third
        pipe.sadd(key, link)
        pipe.expire(key, SPAN)
        pipe.smembers(key)
        added, _, followed = pipe.execute()
        return bool(added), set(followed)

    is_new, followed = attempt(note) or (False, set())
    if len(followed) <= MOST:
        return Follower(is_a_program=False)
    is_third = is_new and len(followed) == MOST + 1
    return Follower(is_a_program=True, taken_back=sorted(followed - {link}) if is_third else [])


def is_a_program(request: HttpRequest) -> bool:
    """HEAD, no name or a program's name, or a page fetched before anybody asks for it."""
    name = request.headers.get("User-Agent", "")
    if request.method == "HEAD" or not name or NAMES.search(name):
        return True
    return any(word in request.headers.get(header, "").lower() for header in AHEAD for word in ("prefetch", "preview"))
