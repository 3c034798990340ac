"""The order of an issue: sections and items up and down, pinned, left out and taken back."""

from collections.abc import Sequence
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from csan.lib import audit
from members.models import Issue, IssueItem, Section
from members.newsletter.composing import check_readers, lock, next_position, note, write_row

Placed = TypeVar("Placed", Section, IssueItem)


@transaction.atomic
def add_section(*, issue: Issue, kind: str, by: User, heading: str = "", heading_es: str = "") -> Section:
    """A section at the end. Raises NotEditable."""
    locked = lock(issue)
    last = locked.sections.aggregate(last=Max("position"))["last"]
    section = Section.objects.create(
        issue=locked, kind=kind, heading=heading, heading_es=heading_es, position=0 if last is None else last + 1
    )
    note(locked, by, f"Added the section “{section}”")
    return section


@transaction.atomic
def rename_section(*, section: Section, version: int, by: User, heading: str, heading_es: str) -> None:
    """Give a section another heading. Raises EditedMeanwhile, NotEditable."""
    locked = lock(section.issue)
    write_row(section, version=version, by=by, values={"heading": heading, "heading_es": heading_es})
    note(locked, by, f"Renamed the section “{section}”")


@transaction.atomic
def move_section(*, section: Section, up: bool, by: User) -> None:
    """One place up or down among those that are shown; at the end of the way nothing happens. Raises NotEditable."""
    locked = lock(section.issue)
    rows = list(locked.sections.filter(is_dropped=False).order_by("position", "pk"))
    if _swap(rows, section, up=up):
        note(locked, by, f"Moved the section “{section}”")


@transaction.atomic
def drop_section(*, section: Section, by: User) -> None:
    """Leave a section out with all that is in it. Raises NotEditable."""
    locked = lock(section.issue)
    if Section.objects.filter(pk=section.pk, is_dropped=False).update(is_dropped=True):
        note(locked, by, f"Left out the section “{section}”")


@transaction.atomic
def restore_section(*, section: Section, by: User) -> None:
    """Take a section back, with all that was in it. Raises NotEditable, AudienceIsFixed."""
    locked = lock(section.issue)
    check_readers(locked, section.items.filter(is_dropped=False))
    if Section.objects.filter(pk=section.pk, is_dropped=True).update(is_dropped=False):
        note(locked, by, f"Took back the section “{section}”")


@transaction.atomic
def move_item(*, item: IssueItem, up: bool, by: User) -> None:
    """One place up or down; from the end of its section on into the next one. Raises NotEditable."""
    locked = lock(item.issue)
    rows = list(IssueItem.objects.filter(section=item.section, is_dropped=False).order_by("position", "pk"))
    if _swap(rows, item, up=up) or _into_the_next(locked, item, up=up):
        note(locked, by, f"Moved “{item}”")


@transaction.atomic
def pin(*, item: IssueItem, pinned: bool, by: User) -> None:
    """Let an item stay when the draft is made anew, or no longer. Readers see no difference, so no approval falls."""
    locked = lock(item.issue)
    if IssueItem.objects.filter(pk=item.pk, is_pinned=not pinned).update(is_pinned=pinned):
        audit.record(by=by, objects=[locked], did=f"{'Pinned' if pinned else 'Unpinned'} “{item}”")


@transaction.atomic
def drop(*, item: IssueItem, by: User) -> None:
    """Leave an item out; it is not suggested for this issue again. Raises NotEditable."""
    locked = lock(item.issue)
    if IssueItem.objects.filter(pk=item.pk, is_dropped=False).update(is_dropped=True):
        note(locked, by, f"Left out “{item}”")


@transaction.atomic
def restore(*, item: IssueItem, by: User) -> None:
    """Take an item back, at the place where it was. Raises NotEditable, AudienceIsFixed."""
    locked = lock(item.issue)
    check_readers(locked, [item])
    if IssueItem.objects.filter(pk=item.pk, is_dropped=True).update(is_dropped=False):
        note(locked, by, f"Took back “{item}”")


def place(rows: Sequence[Placed]) -> None:
    """Number the rows in their order; only those that stand elsewhere are written."""
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _swap(rows: list[Placed], row: Placed, *, up: bool) -> bool:
    """Whether there was a neighbour to change places with. `rows` are locked with their issue."""
    at = [each.pk for each in rows].index(row.pk) if row.pk in [each.pk for each in rows] else -1
    other = at - 1 if up else at + 1
    if at < 0 or not 0 <= other < len(rows):
        return False
    rows[at], rows[other] = rows[other], rows[at]
    place(rows)
    return True


def _into_the_next(issue: Issue, item: IssueItem, *, up: bool) -> bool:
    """Out of its section: to the end of the one before, or to the beginning of the one after."""
    sections = list(issue.sections.filter(is_dropped=False).order_by("position", "pk"))
    at = next((at for at, each in enumerate(sections) if each.pk == item.section_id), -1)
    other = at - 1 if up else at + 1
    if at < 0 or item.is_dropped or not 0 <= other < len(sections):
        return False
    section = sections[other]
    rows = list(section.items.order_by("position", "pk"))
    item.section = section
    item.position = next_position(section)
    item.save(update_fields=["section", "position"])
    place([*rows, item] if up else [item, *rows])
    return True
