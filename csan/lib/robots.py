"""Telling programs that follow links from people who do, as far as that can be told without watching anybody."""

import re

import redis
from django.http import HttpRequest

from csan.lib.ratelimit import Budget, client_network
from csan.lib.redis import attempt

NAMES = re.compile(
    r"bot|crawl|spider|scan|preview|fetch|monitor|curl|wget|python|java/|go-http|headless|proofpoint|barracuda|mimecast"
    r"|safelinks|google-?image|slurp|facebookexternalhit",
    re.IGNORECASE,
)
SPAN = 10  # seconds in which nobody reads three pages
MOST = 2


def is_a_program(request: HttpRequest) -> bool:
    """HEAD, no name or a program's name, a link fetched ahead, or the third link within seconds.

    What counts the third is a hash in Redis that is gone after ten seconds; without Redis it is not counted.
    """
    name = request.headers.get("User-Agent", "")
    if request.method == "HEAD" or not name or NAMES.search(name):
        return True
    if "prefetch" in f"{request.headers.get('Purpose', '')}{request.headers.get('Sec-Purpose', '')}":
        return True
    key = Budget("links", client_network(request), MOST, SPAN).key

    def count(client: redis.Redis) -> int:
        pipe = client.pipeline(transaction=False)
        pipe.incr(key)
        pipe.expire(key, SPAN)
        return int(pipe.execute()[0])

    return (attempt(count) or 0) > MOST
