"""One look at an issue, taken once for all rules; and what a rule gives back."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import unescape

from django.urls import reverse
from django.utils import timezone

from csan.lib import rich
from members.models import Issue, IssueItem, LinkCheck, Rendition, Section
from members.newsletter import link_checks
from members.newsletter.contents import languages
from members.newsletter.dry_run import DryRun, dry_run

HREF = re.compile(r'<a\b[^>]*?\shref="([^"]*)"', re.IGNORECASE)
SHORT = 50  # characters of an item's words that stand for its heading where it has none
LANGUAGE_NAMES = {"en": "English", "es": "Spanish"}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with an issue, in words, and where it is mended."""

    code: str
    blocks: bool
    words: str
    fix_url: str


@dataclass(frozen=True)
class Words:
    """Rich text that staff wrote for the issue: where it stands, in which language, and where it is edited."""

    where: str
    language: str
    html: str
    fix_url: str

    @cached_property
    def addresses(self) -> list[str]:
        """Where its links lead, as they are written."""
        return [unescape(found) for found in HREF.findall(rich.clean(self.html))]


@dataclass
class Look:
    """The issue as it would go out `at` a moment, with all that rules ask about."""

    issue: Issue
    at: datetime
    run: DryRun
    urls: list[str]
    checks: dict[str, LinkCheck]
    sections: list[Section]

    @property
    def items(self) -> list[IssueItem]:
        return self.run.items

    @property
    def letters(self) -> list[Rendition]:
        return self.run.letters

    @cached_property
    def texts(self) -> list[Words]:
        """Everything that staff wrote for just this issue, the intro first."""
        issue_page = fix_issue(self.issue)
        found = [
            Words("The intro", "en", self.issue.intro, issue_page),
            Words("The intro", "es", self.issue.intro_es, issue_page),
        ]
        for item in self.items:
            found += [Words(name_of(item), language, html, fix_item(item)) for language, html in bodies(item)]
        return [words for words in found if words.html]


def look_at(issue: Issue, at: datetime | None) -> Look:
    """Take the look: renders each letter, asks the database, writes nothing."""
    run = dry_run(issue)
    urls = run.urls
    return Look(
        issue=issue,
        at=at or issue.planned_for or timezone.now(),
        run=run,
        urls=urls,
        checks={check.url: check for check in link_checks.checks_of(urls)},
        sections=list(issue.sections.all()),
    )


def bodies(item: IssueItem) -> list[tuple[str, str]]:
    """An item's own rich text by language."""
    return [("en", item.body), ("es", item.body_es)]


def name_of(item: IssueItem) -> str:
    """What staff know an item by, in quotes."""
    name = item.heading or (item.post.title if item.post else "") or " ".join(rich.to_plain(item.body).split())
    return f"“{name[:SHORT]}…”" if len(name) > SHORT and not item.heading and not item.post else f"“{name}”"


def is_blank(html: str) -> bool:
    """Whether rich text says nothing, whatever tags it has."""
    return not rich.to_plain(html).strip()


def language_name(language: str) -> str:
    """Of a language in which an issue is written, in English."""
    assert language in languages()
    return LANGUAGE_NAMES[language]


def fix_issue(issue: Issue) -> str:
    """Where the subject and the intro are edited."""
    return reverse("admin:members_issue_compose_words", args=[issue.pk])


def fix_contents(issue: Issue) -> str:
    """Where sections and items are edited."""
    return reverse("admin:members_issue_compose", args=[issue.pk])


def fix_item(item: IssueItem) -> str:
    """Where just this item is edited."""
    return f"{fix_contents(item.issue)}#item-{item.pk}"


def fix_section(section: Section) -> str:
    """Where just this section is edited."""
    return f"{fix_contents(section.issue)}#section-{section.pk}"


def fix_sending(issue: Issue, part: str = "") -> str:
    """The page on which it is checked, tested and sent."""
    page = reverse("admin:members_issue_sending", args=[issue.pk])
    return f"{page}#{part}" if part else page
