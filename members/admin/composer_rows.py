"""An issue as the composer shows it: its sections and items, and what an editor should know of each at a glance."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation

from csan.lib import rich
from csan.lib.languages import Said
from members.models import Issue, IssueItem, Section
from members.newsletter import readership
from members.newsletter.contents import Entry, entry_of
from members.newsletter.suggesting import last_used, moment_of

EXCERPT = 150  # characters


@dataclass(frozen=True)
class Side:
    """An item or an opening in one language, and whether it is written in it."""

    language: str
    name: str
    title: Said
    words: Said
    called: tuple[str, str] = ("heading", "text")

    @property
    def excerpt(self) -> str:
        """How it begins, as plain text."""
        text = " ".join(rich.to_plain(self.words).split())
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"

    @property
    def lacks(self) -> str:
        """What stands there in another language, in words; empty where nothing does."""
        parts = zip(self.called, (self.title, self.words), strict=True)
        missing = [name for name, said in parts if said and said.language != self.language]
        return f"No {self.name} {' and no '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class Row:
    """An item with all that is said about it."""

    item: IssueItem
    sides: list[Side]
    used_in: Issue | None
    warnings: list[str]
    audience: str = ""  # who sees it, in words; empty for everyone


@dataclass(frozen=True)
class Part:
    """A section with its rows."""

    section: Section
    headings: list[Said]
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Composition:
    """The whole issue: what is in it, and what was left out of it."""

    opening: list[Side]
    parts: list[Part]
    dropped: list[Row]
    dropped_sections: list[Section]


def composition(issue: Issue) -> Composition:
    """The same number of queries however much there is in the issue."""
    items = list(
        issue.items.select_related("section", "post", "picture", "edited_by").order_by(
            "section__position", "section__pk", "position", "pk"
        )
    )
    used, at = last_used(issue, items), moment_of(issue)
    said = readership.in_words(items)
    rows = {item.pk: row_of(item, used.get(item.pk), at, said.get(item.pk, "")) for item in items}
    sections = list(issue.sections.order_by("position", "pk"))
    shown = [section for section in sections if not section.is_dropped]
    return Composition(
        opening=in_languages(lambda: (issue.local_subject, issue.local_intro), ("subject", "intro")),
        parts=[
            Part(
                section,
                headings_of(section),
                [rows[item.pk] for item in items if item.section_id == section.pk and not item.is_dropped],
            )
            for section in shown
        ],
        dropped=[rows[item.pk] for item in items if item.is_dropped and not item.section.is_dropped],
        dropped_sections=[section for section in sections if section.is_dropped],
    )


def row_of(item: IssueItem, used_in: Issue | None, at: datetime, audience: str) -> Row:
    """An item in both languages, with what is wrong with it."""
    return Row(item, in_languages(lambda: words_of(entry_of(item))), used_in, warnings_of(item, at), audience)


def words_of(entry: Entry) -> tuple[Said, Said]:
    """Title and body."""
    return entry.headline, entry.words


def in_languages(words: Callable[[], tuple[Said, Said]], called: tuple[str, str] = ("heading", "text")) -> list[Side]:
    """What the words are in each language."""
    sides = []
    for code, name in settings.LANGUAGES:
        with translation.override(settings.LANGUAGE_CODE):
            label = str(name)
        with translation.override(code):
            title, body = words()
        sides.append(Side(code, label, title, body, called))
    return sides


def headings_of(section: Section) -> list[Said]:
    """What readers see above it, in each language."""
    found = []
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            heading = section.local_heading
            found.append(heading if isinstance(heading, Said) else Said(heading, code))
    return found


def warnings_of(item: IssueItem, at: datetime) -> list[str]:
    """What keeps an item from going out like this, as far as the item itself tells."""
    found = []
    post = item.post
    if post and post.embargo_until and post.embargo_until > at:
        until = timezone.localtime(post.embargo_until)
        found.append(f"Under embargo until {until:%B} {until.day}, {until:%H:%M}")
    if post and not post.published_at:
        found.append("Not published yet")
    if post and post.starts_at and post.starts_at <= at:
        found.append("Over before readers get it")
    if item.picture and not item.picture.alt_es:
        found.append("The photo has no Spanish description")
    return found
