"""What an issue says in one language to one group of readers, as plain data that letters and pages are made from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from csan.lib import rich
from csan.lib.languages import Said, in_language, path_in_language
from csan.lib.urls import absolute
from members import issue_days
from members.models import PUBLIC, Issue, IssueItem, Post, Rendition, Section
from members.newsletter import audiences

EARLY = timedelta(days=14)  # an issue that goes out so long before its day still names the one after it
BARGAINING = Section.Kind.BARGAINING


@dataclass(frozen=True)
class Photo:
    """A picture, and words for whoever cannot see it."""

    url: str
    width: int
    height: int
    alt: str

    @property
    def address(self) -> str:
        """With our host before it, for letters."""
        return absolute(self.url)


@dataclass(frozen=True)
class Entry:
    """One item: its words with the language they are written in, where it leads, and of a post what it is.

    `url` begins with a slash where it leads to a page of ours.
    """

    title: str
    title_language: str
    body: str  # HTML, sanitised
    body_language: str
    url: str = ""
    kind: str = ""  # of a post, else empty
    employer: str = ""
    byline: str = ""
    place: str = ""
    starts_at: datetime | None = None
    photo: Photo | None = None

    @property
    def headline(self) -> Said:
        return Said(self.title, self.title_language)

    @property
    def words(self) -> Said:
        """The body, as HTML."""
        return Said(self.body, self.body_language)

    @property
    def address(self) -> str:
        """Where it leads, with our host before a page of ours; for letters."""
        return absolute(self.url) if self.url.startswith("/") else self.url

    @property
    def kind_name(self) -> str:
        """What a post of its kind is called, in the reader's language."""
        return str(Post.Kind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class Part:
    """A section's heading and its entries."""

    kind: str
    heading: str
    heading_language: str
    entries: list[Entry]

    @property
    def headline(self) -> Said:
        return Said(self.heading, self.heading_language)

    @property
    def is_by_employer(self) -> bool:
        """Whether its entries stand under the names of employers."""
        return self.kind == BARGAINING


@dataclass(frozen=True)
class Contents:
    """A whole issue, in a language; what is not written in it stands in English and says so."""

    language: str
    subject: str
    subject_language: str
    intro: str  # HTML, sanitised
    intro_language: str
    parts: list[Part] = field(default_factory=list)

    @property
    def headline(self) -> Said:
        return Said(self.subject, self.subject_language)

    @property
    def opening(self) -> Said:
        """The intro, as HTML."""
        return Said(self.intro, self.intro_language)

    @property
    def entries(self) -> list[Entry]:
        """Of every part."""
        return [entry for part in self.parts for entry in part.entries]

    def as_data(self) -> dict[str, Any]:
        """For a JSON column."""
        data = asdict(self)
        for part in data["parts"]:
            for entry in part["entries"]:
                entry["starts_at"] = entry["starts_at"] and entry["starts_at"].isoformat()
        return data

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "Contents":
        """What `as_data` gave."""
        parts = [
            Part(**{**part, "entries": [_entry_of(entry) for entry in part["entries"]]}) for part in data["parts"]
        ]
        return cls(**{**data, "parts": parts})


def _entry_of(data: dict[str, Any]) -> Entry:
    starts_at, photo = data["starts_at"], data["photo"]
    return Entry(
        **{
            **data,
            "starts_at": datetime.fromisoformat(starts_at) if starts_at else None,
            "photo": Photo(**photo) if photo else None,
        }
    )


def gather(issue: Issue, *, language: str, variant: str) -> Contents:
    """The issue as it stands now, for readers of a language who see what `variant` says."""
    items = items_of(issue)
    bits = audiences.bits_of(issue, items)
    seen = [item for item in items if audiences.is_seen(item, bits, variant)]
    with translation.override(language):
        subject, intro = issue.local_subject, issue.local_intro
        parts = [
            _part(section, entries)
            for section in issue.sections.order_by("position", "pk")
            if (entries := [entry_of(item) for item in seen if item.section_id == section.pk])
        ]
        return Contents(language, str(subject), subject.language, rich.clean(intro), intro.language, parts)


def items_of(issue: Issue) -> list[IssueItem]:
    """What the issue carries, in the order in which it stands there; what was dropped is not among it."""
    rows = issue.items.filter(is_dropped=False, section__is_dropped=False).select_related(
        "section", "post__picture", "picture"
    )
    return list(rows.order_by("section__position", "section__pk", "position", "pk"))


def _part(section: Section, entries: Sequence[Entry]) -> Part:
    heading = section.local_heading
    language = heading.language if isinstance(heading, Said) else (translation.get_language() or "en")
    return Part(section.kind, str(heading), language, list(entries))


def entry_of(item: IssueItem) -> Entry:
    """An item in the language that is active."""
    title, body = in_language(item.heading, item.heading_es), in_language(item.body, item.body_es)
    photo = _photo(item)
    post = item.post
    if post is None:
        return Entry(str(title), title.language, rich.clean(body), body.language, url=_page(item.link), photo=photo)
    title = title if title else Said(post.title, post.language)
    body = body if body else Said(rich.of_plain(post.summary), post.language)
    return Entry(
        str(title),
        title.language,
        rich.clean(body),
        body.language,
        url=post.get_absolute_url(),
        kind=post.kind,
        employer=post.employer,
        byline=post.byline,
        place=post.place,
        starts_at=post.starts_at and timezone.localtime(post.starts_at),
        photo=photo,
    )


def _page(link: str) -> str:
    """A page of ours in the language that is active; any other address as it is."""
    return path_in_language(link) if link.startswith("/") else link


def _photo(item: IssueItem) -> Photo | None:
    picture = item.picture
    if picture is None:
        return None
    return Photo(picture.url, *picture.jpeg_size, picture.local_alt)


def public_contents(issue: Issue, language: str) -> Contents:
    """What the archive shows: as frozen, in its newest revision. An issue from before that was kept: as it stands."""
    frozen = (
        Rendition.objects.filter(issue=issue, language=language, variant=PUBLIC, is_test=False)
        .order_by("-revision")
        .first()
    )
    return Contents.of_data(frozen.contents) if frozen else gather(issue, language=language, variant=PUBLIC)


def following_issue_on(issue: Issue) -> date:
    """The day on which the issue after this one is due, as the letter says it."""
    after = (issue.due_on or timezone.localdate()) + EARLY
    planned = (
        Issue.objects.filter(status__in=Issue.BEFORE, due_on__gt=after).exclude(pk=issue.pk).order_by("due_on").first()
    )
    return planned.due_on if planned and planned.due_on else issue_days.next_issue_on(after)


def languages() -> list[str]:
    """In which an issue is written."""
    return [str(code) for code, _ in settings.LANGUAGES]
