"""The letters that are made of an issue: that they can be made, can be read, and say what the law wants."""

from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from csan.lib import contrast
from csan.lib.mail.skeleton import hole
from csan.lib.urls import absolute
from members.newsletter import links
from members.newsletter.audiences import MOST_FOR_SOME, MOST_RENDITIONS, TooManyVariants, UnknownAudience
from members.newsletter.gate.looking import Finding, Look, fix_contents, fix_issue, is_blank, language_name

MOST_BYTES = 95_000  # Gmail cuts a letter off at 102 kB, and adds some of its own before it counts
SHOWN = 60  # characters of words that are hard to read


def cannot_be_made(look: Look) -> Iterator[Finding]:
    """Blocks what MJML or mail does not take, and more different letters than anybody could look over."""
    fix = fix_contents(look.issue)
    for fault in look.run.faults:
        if isinstance(fault, TooManyVariants):
            words = (
                f"The items for some readers make too many different letters. No more than {MOST_FOR_SOME} such items "
                f"and {MOST_RENDITIONS} letters, all languages together, can still be looked over."
            )
            yield Finding("too-many-variants", True, words, fix)
        elif not isinstance(fault, UnknownAudience):  # that is said of the item itself
            yield Finding("unsendable", True, f"It cannot be made into a letter: {fault}", fix)


def nothing_said(look: Look) -> Iterator[Finding]:
    """Blocks a letter without words of its own, also one whose text part alone has none."""
    for letter in look.letters:
        name = language_name(letter.language)
        if not letter.text.strip():
            words = f"The plain-text part of the {name} letter is empty."
            yield Finding("text-empty", True, words, fix_contents(look.issue))
        elif is_blank(letter.contents["intro"]) and not letter.contents["parts"]:
            words = f"The {name} letter says nothing but its subject. Some readers would get no more."
            yield Finding("text-empty", True, words, fix_issue(look.issue))


def size(look: Look) -> Iterator[Finding]:
    """Blocks a letter that mail programs would cut off, in whatever language and for whichever readers."""
    largest: dict[str, int] = {}
    for letter in look.letters:
        bytes_ = len(links.as_long_as_counted(look.issue, letter.html).encode())
        largest[letter.language] = max(bytes_, largest.get(letter.language, 0))
    for language, bytes_ in largest.items():
        if bytes_ > MOST_BYTES:
            words = (
                f"The {language_name(language)} letter has {bytes_ / 1000:.0f} KB. Mail programs cut off what is "
                f"larger than {MOST_BYTES / 1000:.0f} KB; shorten it or drop an item."
            )
            yield Finding("too-large", True, words, fix_contents(look.issue))


def way_out(look: Look) -> Iterator[Finding]:
    """Blocks a letter in which a part lacks the link to leave or the sender's postal address."""
    for letter in look.letters:
        with translation.override(letter.language):
            leave = absolute(reverse("members:unsubscribe", args=[hole("key")]))
        parts = {"plain-text part": letter.text, "HTML part": unescape(letter.html)}
        for name, part in parts.items():
            where = f"The {name} of the {language_name(letter.language)} letter"
            if leave not in part:
                words = f"{where} has no link to unsubscribe. The template of the letter has to be mended."
                yield Finding("no-unsubscribe", True, words, _preview(look))
            if _flat(settings.POSTAL_ADDRESS) not in _flat(part):
                words = f"{where} has no postal address. The template of the letter has to be mended."
                yield Finding("no-postal-address", True, words, _preview(look))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _preview(look: Look) -> str:
    return reverse("admin:members_issue_preview", args=[look.issue.pk])


class _Pictures(HTMLParser):
    """The pictures of a letter whose description is missing, and whether one brings its data along."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.undescribed: list[str] = []
        self.has_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        source = said.get("src", "")
        if tag == "img" and not said.get("alt", "").strip():
            self.undescribed.append(source)
        self.has_data |= any(said.get(name, "").lower().startswith("data:") for name in ("src", "href"))


def pictures(look: Look) -> Iterator[Finding]:
    """Blocks a picture without a description in any letter; warns of one that is written into the letter as data."""
    for letter in look.letters:
        if "<img" not in letter.html and "data:" not in letter.html:
            continue
        found = _Pictures()
        found.feed(letter.html)
        name = language_name(letter.language)
        for source in found.undescribed:
            words = f"In the {name} letter a picture has no description for those who cannot see it: {source[:80]}"
            yield Finding("picture-alt", True, words, fix_contents(look.issue))
        if found.has_data:
            words = f"The {name} letter carries data in an address, which most mail programs do not show."
            yield Finding("data-address", False, words, fix_contents(look.issue))


def colours(look: Look) -> Iterator[Finding]:
    """Blocks words with a contrast under 4.5:1, on a light screen or a dark one; two colours are named once."""
    said = set()
    for hard in contrast.hard_pairs():
        setting = "THEME_COLOURS" if hard.scheme == "light" else "THEME_COLOURS_DARK"
        words = (
            f"Words in {hard.words} have a contrast of {hard.ratio:.1f}:1 on a {hard.scheme} screen and need "
            f"{contrast.LEAST}:1. The colours of the site have to be mended, in {setting}."
        )
        yield Finding("contrast", True, words, _preview(look))
        said.add((hard.scheme, hard.ink, hard.ground))
    for letter in look.letters:
        for hard in contrast.hard_words(letter.html):
            if (painted := (hard.scheme, hard.ink, hard.ground)) in said:
                continue
            said.add(painted)
            words = (
                f"“{hard.words[:SHOWN]}” is {hard.ink} on {hard.ground}: a contrast of {hard.ratio:.1f}:1 on a "
                f"{hard.scheme} screen, and words need {contrast.LEAST}:1."
            )
            yield Finding("contrast", True, words, _preview(look))


RULES = (cannot_be_made, nothing_said, size, way_out, pictures, colours)
