"""What an issue says: its subject, both languages, how much of it there is, what its links are called."""

import re
from collections.abc import Iterator

from csan.lib import rich
from members.newsletter.contents import Contents
from members.newsletter.gate.looking import (
    Finding,
    Look,
    fix_contents,
    fix_issue,
    fix_item,
    fix_section,
    is_blank,
    language_name,
    name_of,
)

LONGEST_SUBJECT = 78  # characters; RFC 5322 wants lines no longer, and no list of letters shows more
SHORT_SUBJECT, LONG_SUBJECT = 10, 60  # a phone shows some 40 characters, a desk some 60
FEWEST_WORDS, MOST_WORDS = 50, 5000
SHOUTED = re.compile(r"[!¡]\s*[!¡]|\${2,}")
FEWEST_LETTERS = 10  # of a subject, under which capitals are likely names
LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
# What tells nobody where a link leads, least of all somebody who has a page's links read aloud.
EMPTY_WORDS = {
    "click here", "click", "here", "this link", "link", "this", "more", "read more", "learn more", "see more",
    "haga clic aquí", "haz clic aquí", "clic aquí", "aquí", "este enlace", "enlace", "más", "leer más", "ver más",
    "saber más", "pulse aquí", "presione aquí",
}  # fmt: skip


def subjects(look: Look) -> Iterator[Finding]:
    """Blocks none at all, and one that is cut off everywhere; warns of one that says little, is long, or shouts."""
    issue, fix = look.issue, fix_issue(look.issue)
    written = {"en": issue.subject.strip(), "es": issue.subject_es.strip()}
    if not any(written.values()):
        yield Finding("subject-empty", True, "The issue has no subject.", fix)
    for language, subject in written.items():
        size, name = len(subject), f"The {language_name(language)} subject"
        if size > LONGEST_SUBJECT:
            words = f"{name} has {size} characters; more than {LONGEST_SUBJECT} are cut off everywhere."
            yield Finding("subject-too-long", True, words, fix)
        elif size > LONG_SUBJECT:
            words = f"{name} has {size} characters; most screens show no more than {LONG_SUBJECT}."
            yield Finding("subject-long", False, words, fix)
        elif 0 < size < SHORT_SUBJECT:
            yield Finding("subject-short", False, f"{name} is “{subject}”, which says little.", fix)
        if is_shouted(subject):
            yield Finding("subject-shouts", False, f"{name} shouts, as spam does: “{subject}”.", fix)


def is_shouted(subject: str) -> bool:
    """Whether it is mostly in capitals, or has one exclamation mark after another."""
    letters = [letter for letter in subject if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return bool(SHOUTED.search(subject)) or (len(letters) >= FEWEST_LETTERS and capitals > len(letters) / 2)


def both_languages(look: Look) -> Iterator[Finding]:
    """Blocks what is written in one language only. A post has the language of its author, and that is fine."""
    issue = look.issue
    yield from _missing("The subject", issue.subject, issue.subject_es, fix_issue(issue))
    yield from _missing("The intro", issue.intro, issue.intro_es, fix_issue(issue))
    shown = {item.section_id for item in look.items}
    for section in look.sections:
        if section.pk in shown:
            what = f"The section heading “{section.heading or section.heading_es}”"
            yield from _missing(what, section.heading, section.heading_es, fix_section(section))
    for item in look.items:
        what = f"of {name_of(item)}"
        yield from _missing(f"The heading {what}", item.heading, item.heading_es, fix_item(item))
        yield from _missing(f"The text {what}", item.body, item.body_es, fix_item(item))


def _missing(what: str, english: str, spanish: str, fix: str) -> Iterator[Finding]:
    blank = [name for name, words in (("English", english), ("Spanish", spanish)) if is_blank(words)]
    if len(blank) == 1:
        yield Finding("language-missing", True, f"{what} is missing in {blank[0]}.", fix)


def length(look: Look) -> Iterator[Finding]:
    """Warns of an issue that says next to nothing, and of one that nobody reads to its end."""
    counts: dict[str, int] = {}
    for letter in look.letters:
        counts[letter.language] = max(count_words(Contents.of_data(letter.contents)), counts.get(letter.language, 0))
    fix = fix_contents(look.issue)
    for language, count in counts.items():
        name = language_name(language)
        if count < FEWEST_WORDS:
            words = f"In {name} the issue has only {count} words. Is something missing?"
            yield Finding("words-few", False, words, fix)
        elif count > MOST_WORDS:
            words = f"In {name} the issue has {count:,} words; few people read more than {MOST_WORDS:,}."
            yield Finding("words-many", False, words, fix)


def count_words(contents: Contents) -> int:
    """How many words readers meet, without those of the frame."""
    texts = [contents.subject, rich.to_plain(contents.intro)]
    for part in contents.parts:
        texts.append(part.heading)
        texts += [f"{entry.title} {rich.to_plain(entry.body)}" for entry in part.entries]
    return sum(len(text.split()) for text in texts)


def link_words(look: Look) -> Iterator[Finding]:
    """Warns of links that are called “click here”: read aloud one by one, such links say nothing."""
    for text in look.texts:
        for _, inner in LINK.findall(rich.clean(text.html)):
            said = " ".join(rich.to_plain(inner).split())
            if said.strip(" .:!¡>→»").lower() in EMPTY_WORDS:
                words = f"{text.where} has a link that says only “{said}”. Let its words say where it leads."
                yield Finding("link-says-nothing", False, words, text.fix_url)


def pasted_pictures(look: Look) -> Iterator[Finding]:
    """Warns of what was pasted as data: it is taken out, and no mail program would show it."""
    for text in look.texts:
        if re.search(r"""(?:src|href)\s*=\s*["']?\s*data:""", text.html, re.IGNORECASE):
            words = f"{text.where} has a picture pasted into its words; it is left out. Upload it as a picture."
            yield Finding("data-address", False, words, text.fix_url)


RULES = (subjects, both_languages, length, link_words, pasted_pictures)
