"""A letter as it will look: in a scheme of colours that is forced, filled for one reader with a key that is dead."""

import re
import secrets
from dataclasses import dataclass

from csan.lib.addresses import InvalidAddress, email_key, normalise
from csan.lib.mail.skeleton import fill_text
from members.models import Issue, Rendition, Subscription
from members.newsletter import audiences
from members.newsletter.contents import items_of
from members.newsletter.rendering import render

DEAD_KEY = "preview"  # opens nobody's page
DARK_RULES = re.compile(r"@media\s*\(\s*prefers-color-scheme:\s*dark\s*\)")
SCHEMES = re.compile(r"(color-scheme(?:s)?(?:\"\s+content=\"|:\s*))light dark")


class NoSuchReader(Exception):
    """Nobody who is subscribed has this address."""


@dataclass(frozen=True)
class Reader:
    """Somebody who would get the issue: who, in which language, with which of the items for some."""

    subscription: Subscription
    language: str
    variant: str


def preview(issue: Issue, language: str, variant: str = "") -> Rendition:
    """The letter as it stands, not saved, its private links leading nowhere. Raises Unsendable."""
    rendition = render(issue, language, variant)
    values = {"key": DEAD_KEY}
    rendition.text, rendition.html = fill_text(rendition.text, values), fill_text(rendition.html, values)
    return rendition


def in_scheme(html: str, *, dark: bool) -> str:
    """The letter as a mail program shows it that is light or dark, whatever the one who looks has chosen."""
    scheme = "dark" if dark else "light"
    return SCHEMES.sub(rf"\g<1>{scheme}", DARK_RULES.sub("@media all" if dark else "@media not all", html))


def reader(issue: Issue, pk: int) -> Reader:
    """What somebody would get. Raises NoSuchReader, UnknownAudience."""
    items = items_of(issue)
    row = audiences.readers(items).filter(pk=pk).values_list("person__language", "variant").first()
    if row is None:
        raise NoSuchReader
    subscription = Subscription.objects.select_related("person__local").get(pk=pk)
    return Reader(subscription, row[0], str(row[1]))


def reader_of(address: str) -> int:
    """The number of whoever has an address, in any of its spellings. Raises NoSuchReader."""
    try:
        key = email_key(normalise(address))
    except InvalidAddress as error:
        raise NoSuchReader from error
    found = Subscription.objects.active().filter(person__email_key=key).values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchReader
    return found


def any_reader() -> int:
    """The number of somebody by chance, without counting everybody. Raises NoSuchReader where there is nobody."""
    active = Subscription.objects.active().order_by("pk").values_list("pk", flat=True)
    first, last = active.first(), active.last()
    if first is None or last is None:
        raise NoSuchReader
    chosen = first + secrets.randbelow(last - first + 1)
    return active.filter(pk__gte=chosen).first() or first
