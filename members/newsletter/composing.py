"""Writing an issue: its subject and intro, its items. No edit undoes another's; each withdraws the approval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from csan.lib import audit
from csan.lib.pictures import Prepared
from members import pictures
from members.models import Issue, IssueItem, Picture, Post, Section
from members.newsletter import audiences
from members.newsletter.approving import touched
from members.newsletter.contents import items_of

Row = TypeVar("Row", Issue, Section, IssueItem)
SECTION_OF = {
    Post.Kind.ACTION: Section.Kind.ACTIONS,
    Post.Kind.BARGAINING: Section.Kind.BARGAINING,
    Post.Kind.STORY: Section.Kind.STORIES,
}
ISSUE_WORDS = ("subject", "subject_es", "intro", "intro_es")
ITEM_WORDS = ("heading", "heading_es", "body", "body_es", "link", "audience", "audience_of")


@dataclass(frozen=True)
class NewPhoto:
    """A photo that was uploaded, and what it shows."""

    prepared: Prepared
    alt: str
    alt_es: str


class NotEditable(Exception):
    """The issue was cancelled; nobody reads it any more."""


class EditedMeanwhile(Exception):
    """Somebody else edited the same words while these were written; `row` is what stands there now."""

    def __init__(self, row: Issue | Section | IssueItem) -> None:
        super().__init__(str(row))
        self.row = row


class AudienceIsFixed(Exception):
    """The issue is frozen, and with it who gets which letter: an item can be opened to everyone, no more."""


def lock(issue: Issue) -> Issue:
    """The issue, which nobody else edits or freezes until the transaction ends. Raises NotEditable."""
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    if locked.status == Issue.Status.CANCELLED:
        raise NotEditable
    return locked


@transaction.atomic
def write_issue(*, issue: Issue, version: int, by: User, words: Mapping[str, str]) -> None:
    """Change subject and intro, in either language. Raises EditedMeanwhile, NotEditable."""
    locked = lock(issue)
    write_row(locked, version=version, by=by, values={name: words[name] for name in ISSUE_WORDS})
    note(locked, by, "Edited subject and intro")


@transaction.atomic
def add_words(
    *,
    section: Section,
    by: User,
    values: Mapping[str, object],
    picture: Picture | None = None,
    photo: NewPhoto | None = None,
) -> IssueItem:
    """Put words of its own at the end of a section.

    Raises NotEditable, AudienceIsFixed, UnknownAudience, TooManyVariants.
    """
    issue = lock(section.issue)
    if issue.is_frozen and values["audience"] != IssueItem.Audience.EVERYONE:
        raise AudienceIsFixed
    chosen = {name: values[name] for name in ITEM_WORDS}
    item = IssueItem.objects.create(
        issue=issue,
        section=section,
        position=next_position(section),
        picture=_kept(photo) or picture,
        edited_by=by,
        edited_at=timezone.now(),
        **chosen,
    )
    _check_audience(item)
    note(issue, by, f"Added “{item}”")
    return item


@transaction.atomic
def edit_item(
    *,
    item: IssueItem,
    version: int,
    by: User,
    values: Mapping[str, object],
    section: Section,
    picture: Picture | None = None,
    photo: NewPhoto | None = None,
) -> None:
    """Change what an item says, shows, leads to, and who sees it. An uploaded photo stands for the chosen one.

    Raises EditedMeanwhile, NotEditable, AudienceIsFixed, UnknownAudience, TooManyVariants.
    """
    issue = lock(item.issue)
    before = IssueItem.objects.get(pk=item.pk)
    chosen = {name: values[name] for name in ITEM_WORDS}
    is_for_others = (chosen["audience"], chosen["audience_of"]) != (before.audience, before.audience_of)
    if issue.is_frozen and is_for_others and chosen["audience"] != IssueItem.Audience.EVERYONE:
        raise AudienceIsFixed
    moved = {} if section == before.section else {"section": section, "position": next_position(section)}
    write_row(before, version=version, by=by, values={**chosen, "picture": _kept(photo) or picture, **moved})
    if is_for_others:
        before.refresh_from_db()
        _check_audience(before)
    note(issue, by, f"Edited “{before}”")


@transaction.atomic
def add_post(*, issue: Issue, post: Post, by: User | None = None) -> IssueItem:
    """Put a post at the end of the section of its kind, which is made if need be.

    One that is there stays as it is; one that was left out comes back. Raises NotEditable, AudienceIsFixed.
    """
    locked = lock(issue)
    known = locked.items.filter(post=post).select_related("section").first()
    if known is not None:
        check_readers(locked, [known])
        IssueItem.objects.filter(pk=known.pk, is_dropped=True).update(is_dropped=False)
        Section.objects.filter(pk=known.section_id, is_dropped=True).update(is_dropped=False)
        known.is_dropped = False
    else:
        section = section_of_kind(locked, SECTION_OF[Post.Kind(post.kind)])
        known = IssueItem.objects.create(issue=locked, section=section, post=post, position=next_position(section))
    note(locked, by, f"Added “{post}”")
    return known


def section_of_kind(issue: Issue, kind: str) -> Section:
    """The issue's first section of a kind that was not left out; made at the end where there is none."""
    known = issue.sections.filter(kind=kind, is_dropped=False).order_by("position", "pk").first()
    if known is not None:
        return known
    last = issue.sections.aggregate(last=Max("position"))["last"]
    return Section.objects.create(issue=issue, kind=kind, position=0 if last is None else last + 1)


def next_position(section: Section) -> int:
    """The place after the last one in a section."""
    last = section.items.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def write_row(row: Row, *, version: int, by: User, values: Mapping[str, object]) -> None:
    """Compare and set: the row is written only if it is still the one that the form was filled from."""
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not rows.update(**values, version=F("version") + 1, edited_by=by, edited_at=timezone.now()):
        raise EditedMeanwhile(type(row)._default_manager.select_related("edited_by").get(pk=row.pk))


def check_readers(issue: Issue, items: Iterable[IssueItem]) -> None:
    """See that nothing comes into a frozen issue that is for some: nobody's letter has it. Raises AudienceIsFixed."""
    if issue.is_frozen and any(item.is_for_some and item.pk not in issue.frozen_blocks for item in items):
        raise AudienceIsFixed


def _kept(photo: NewPhoto | None) -> Picture | None:
    """The photo as a picture, which can be chosen elsewhere from then on."""
    return pictures.add(photo=photo.prepared, alt=photo.alt, alt_es=photo.alt_es) if photo else None


def _check_audience(item: IssueItem) -> None:
    """See that the item's readers can be told, and that there are not too many different letters then."""
    if item.is_for_some:
        audiences.needed(items_of(item.issue))


def note(issue: Issue, by: User | None, did: str) -> None:
    """An edit: it withdraws the approval and stands in the log."""
    touched(issue=issue, by=by)
    audit.record(by=by, objects=[issue], did=did)
