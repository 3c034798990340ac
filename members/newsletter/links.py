"""Links of an issue go by way of us, so that we know how often each was followed, and never by whom.

Only addresses that stood in that issue lead anywhere: there is no open redirect. Programs that follow links, such as
mail scanners, are counted apart. What leads to one person's own pages, or to the issue in a browser, stays as it is.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import escape, unescape

from django.conf import settings
from django.db import connection

from csan.lib.mail.skeleton import hole
from csan.lib.urls import absolute_reverse
from members.models import Issue, IssueLink

HREF = re.compile(r'href="(https?://[^"]+)"')
LONGEST = 900  # characters; a longer one stays as it is
CODE_BYTES = 8  # of chance in a code
PERSONAL = ("members:unsubscribe", "members:preferences", "members:confirm")

# One statement: the number goes up and the address comes back. The commit does not wait for the disk, or everybody who
# follows the same link at the same time would wait for each other there; a crash of the database may take the last
# few tenths of a second of counts with it.
FOLLOW = """
    WITH quickly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS setting)
    UPDATE members_issuelink SET people = people + %(people)s, bots = bots + %(bots)s
    FROM quickly WHERE code = %(code)s AND quickly.setting = 'off' RETURNING url
"""
TAKE_BACK = """
    WITH quickly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS setting)
    UPDATE members_issuelink SET people = people - 1, bots = bots + 1
    FROM quickly WHERE code = %(code)s AND quickly.setting = 'off' AND people > 0
"""


@dataclass(frozen=True)
class LinkTotal:
    """How often a link of an issue was followed: by people, and by programs."""

    url: str
    people: int
    bots: int


def urls_in(issue: Issue, html: str) -> list[str]:
    """The web addresses that a letter leads to, each once, in order, but for one person's and the issue's own."""
    found = dict.fromkeys(unescape(match) for match in HREF.findall(html))
    own = {absolute_reverse("members:issue", issue.number, language=code) for code, _ in settings.LANGUAGES}
    return [url for url in found if url not in own and not is_personal(url)]


def is_personal(url: str) -> bool:
    """Whether it leads to a page that is one person's, or has the hole where their key will stand."""
    return hole("key") in url or url.startswith(_personal_pages(settings.BASE_URL))


@cache
def _personal_pages(base: str) -> tuple[str, ...]:
    """How addresses of such pages begin, in every language, on a site at `base`."""
    pages = [absolute_reverse(name, "x", language=code) for name in PERSONAL for code, _ in settings.LANGUAGES]
    return tuple(page.removesuffix("x/") for page in pages)


def counted(issue: Issue, html: str) -> str:
    """The letter with its links by way of us; each is registered for this issue."""
    codes = register(issue, [url for url in urls_in(issue, html) if len(url) <= LONGEST])
    return by_way_of_us(html, codes.get)


def as_long_as_counted(issue: Issue, html: str) -> str:
    """The letter as `counted` would make it, to the byte in length, with nothing registered."""
    code = "x" * len(secrets.token_urlsafe(CODE_BYTES))
    urls = {url for url in urls_in(issue, html) if len(url) <= LONGEST}
    return by_way_of_us(html, lambda url: code if url in urls else None)


def by_way_of_us(html: str, code_of: Callable[[str], str | None]) -> str:
    """The letter with each link that has a code going to us instead."""

    def changed(match: re.Match[str]) -> str:
        code = code_of(unescape(match[1]))
        return f'href="{escape(absolute_reverse("members:followed", code))}"' if code else match[0]

    return HREF.sub(changed, html)


def register(issue: Issue, urls: Iterable[str]) -> dict[str, str]:
    """The code of each of these links of the issue. One that is known keeps its own."""
    wanted = list(urls)
    IssueLink.objects.bulk_create(
        (IssueLink(issue=issue, url=url, code=secrets.token_urlsafe(CODE_BYTES)) for url in wanted),
        ignore_conflicts=True,
    )
    return dict(IssueLink.objects.filter(issue=issue, url__in=wanted).values_list("url", "code"))


def follow(code: str, *, by_a_program: bool) -> str | None:
    """Where a code leads, counting it; None where there is no such link."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"code": code, "people": int(not by_a_program), "bots": int(by_a_program)})
        row = cursor.fetchone()
    return str(row[0]) if row else None


def take_back(codes: Iterable[str]) -> None:
    """Count as a program's what was counted as a person's: one each. Row by row, so that nobody waits in a circle."""
    with connection.cursor() as cursor:
        for code in codes:
            cursor.execute(TAKE_BACK, {"code": code})


def totals(issue: Issue) -> list[LinkTotal]:
    """Each link of the issue with how often it was followed, the most by people first."""
    rows = issue.links.order_by("-people", "-bots", "pk").values_list("url", "people", "bots")
    return [LinkTotal(*row) for row in rows]
