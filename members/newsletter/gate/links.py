"""Where an issue leads: each link whole, safe, looked at by a worker, and not dead."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from members.models import LinkCheck
from members.newsletter.gate.looking import Finding, Look, fix_contents, fix_item, fix_sending, name_of
from members.newsletter.links import LONGEST

KINDS = ("https", "http", "mailto", "tel")
OLDEST = timedelta(days=3)  # what a worker saw before that tells nothing any more
SHORTENERS = {
    "bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly",
    "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al", "urldefense.com", "x.co",
}  # fmt: skip


def written_badly(look: Look) -> Iterator[Finding]:
    """Blocks an address that leads nowhere from a letter, such as one without its host, or a mailbox without its @."""
    for text in look.texts:
        for address in text.addresses:
            if not is_whole(address):
                words = f"{text.where} has a link to “{address}”, which leads nowhere from a letter. Write all of it."
                yield Finding("link-broken", True, words, text.fix_url)
    for url in look.urls:
        if len(url) > LONGEST:
            words = f"A link has {len(url):,} characters; no more than {LONGEST} can be looked at: {url[:80]}…"
            yield Finding("link-too-long", True, words, place_of(look, url)[1])


def is_whole(address: str) -> bool:
    """Whether an address says all that a mail program needs."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in KINDS and bool(parts.hostname or parts.path if parts.scheme == "tel" else parts.hostname)


def unsafe(look: Look) -> Iterator[Finding]:
    """Blocks what is not HTTPS, but for this site's own pages on a site that is not; warns of shorteners."""
    for url in look.urls:
        where, fix = place_of(look, url)
        if not url.startswith(("https://", f"{settings.BASE_URL}/")):
            words = f"{where} links to {url}, which is not safe on the way. Write https:// if the site has it."
            yield Finding("link-not-https", True, words, fix)
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        if host in SHORTENERS:
            words = f"{where} links by way of {host}, which hides where it leads and is what spam does: {url}"
            yield Finding("link-shortened", False, words, fix)


def looked_at(look: Look) -> Iterator[Finding]:
    """Blocks what is dead, what no worker has looked at, and what could not be checked until somebody accepts it."""
    waiting = 0
    for url in look.urls:
        check = look.checks.get(url)
        if len(url) > LONGEST:
            continue
        if check is None or is_open(check):
            waiting += 1
            continue
        where, fix = place_of(look, url)
        if check.state == LinkCheck.State.DEAD:
            yield Finding("link-dead", True, f"{where} has a dead link: {url} {check.detail}.", fix)
        elif check.state == LinkCheck.State.UNKNOWN and check.accepted_at is None:
            words = (
                f"We could not check a link in {where[0].lower() + where[1:]}: {url} {check.detail}. Open it "
                "yourself; if it is right, accept it beside the checks."
            )
            yield Finding("link-unknown", True, words, fix_sending(look.issue, f"link-{check.pk}"))
    if waiting:
        words = f"{waiting} of {len(look.urls)} links {'is' if waiting == 1 else 'are'} still being looked at."
        yield Finding("link-waiting", True, words, fix_sending(look.issue, "links"))


def is_open(check: LinkCheck) -> bool:
    """Whether the answer is still to come. One that was fine of late stays so while it is looked at anew."""
    if check.checked_at is None or check.checked_at < timezone.now() - OLDEST:
        return True
    return check.is_waiting and check.state != LinkCheck.State.FINE


def place_of(look: Look, url: str) -> tuple[str, str]:
    """In which part of the issue a link stands, and where that is mended."""
    for text in look.texts:
        if url in text.addresses:
            return text.where, text.fix_url
    own_path = url.removeprefix(settings.BASE_URL)
    for item in look.items:
        # A page of ours stands in the item without its host, and in a letter with its language.
        if item.link and (item.link == url or (item.link.startswith("/") and own_path.endswith(item.link))):
            return name_of(item), fix_item(item)
    return "The letter", fix_contents(look.issue)


RULES = (written_badly, unsafe, looked_at)
