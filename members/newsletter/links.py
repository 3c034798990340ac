"""Links of an issue go by way of us, so that we know how often each was followed, and never by whom.

Only addresses that stood in that issue lead anywhere: there is no open redirect. Programs that follow links, such as
mail scanners, are counted apart.
"""

import re
import secrets
from html import escape, unescape

from django.db.models import F
from django.urls import reverse

from csan.lib.urls import absolute
from members.models import Issue, IssueLink

HREF = re.compile(r'href="(https?://[^"]+)"')
LONGEST = 900
# Paths of ours that are for one person, or have a hole where the person's key will stand.
PRIVATE = ("CSANhole",)


def urls_in(html: str) -> list[str]:
    """The web addresses that a letter leads to, each once, in order; those for one person are not among them."""
    found = [unescape(match) for match in HREF.findall(html)]
    return [url for url in dict.fromkeys(found) if not any(mark in url for mark in PRIVATE)]


def counted(issue: Issue, html: str) -> str:
    """The letter with its links by way of us; each is registered for this issue."""
    codes = {url: register(issue, url) for url in urls_in(html) if len(url) <= LONGEST}

    def by_way_of_us(match: re.Match[str]) -> str:
        code = codes.get(unescape(match[1]))
        return f'href="{escape(absolute(reverse("members:followed", args=[code])))}"' if code else match[0]

    return HREF.sub(by_way_of_us, html)


def register(issue: Issue, url: str) -> str:
    """The code of a link of the issue."""
    link, _ = IssueLink.objects.get_or_create(issue=issue, url=url, defaults={"code": secrets.token_urlsafe(8)})
    return link.code


def follow(code: str, *, by_a_program: bool) -> str | None:
    """Where a code leads, counting it; None where there is no such link."""
    link = IssueLink.objects.filter(code=code)
    counter = "bots" if by_a_program else "people"
    if not link.update(**{counter: F(counter) + 1}):
        return None
    return link.values_list("url", flat=True)[0]
