"""Packing a box: line after line is laid in and ticked, then another person looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from campaigns.models import Box, BoxLine
from csan.lib import audit

Status = Box.Status


class NotAllIn(Exception):
    """Lines are not ticked yet."""


class SamePerson(Exception):
    """Who packed a box does not check it: two pairs of eyes see more than one."""


class WrongState(Exception):
    """A colleague was faster, or the box has left."""


@dataclass(frozen=True)
class LaidIn:
    """What lies in the box of one line: all of it, or `fewer` and why."""

    is_in: bool
    fewer: int | None = None
    reason: str = ""


@transaction.atomic
def tick(*, box: Box, lines: Mapping[int, LaidIn]) -> Box:
    """Note what lies in the box so far, by the numbers of its lines. Raises WrongState.

    A telephone may go dark in between, so nothing waits for the last line.
    """
    held = _hold(box, Status.PLANNED)
    now = timezone.now()
    for line in BoxLine.objects.select_for_update().filter(box=held).order_by("pk"):
        told = lines.get(line.pk)
        if told is None:
            continue
        is_short = told.is_in and told.fewer is not None and told.fewer < line.quantity
        is_told = told.is_in and (told.reason or not is_short)  # fewer without a why is not in yet
        line.ticked_at = (line.ticked_at or now) if is_told else None
        line.packed = told.fewer if is_short else None
        line.short_reason = told.reason if is_short else ""
        line.save(update_fields=["ticked_at", "packed", "short_reason"])
    return held


@transaction.atomic
def finish_packing(*, box: Box, by: User) -> Box:
    """All of it is in. Raises NotAllIn, WrongState."""
    held = _hold(box, Status.PLANNED)
    if held.lines.filter(ticked_at=None).exists():
        raise NotAllIn
    Box.objects.filter(pk=held.pk).update(status=Status.PACKED, packed_at=timezone.now(), packed_by=by)
    audit.record(by=by, objects=[held], did="Packed")
    held.refresh_from_db()
    return held


@transaction.atomic
def check_box(*, box: Box, by: User) -> Box:
    """Somebody else has looked: it holds what the slip says. Raises SamePerson, WrongState."""
    held = _hold(box, Status.PACKED)
    if held.packed_by_id == by.pk:
        raise SamePerson
    Box.objects.filter(pk=held.pk).update(status=Status.CHECKED, checked_at=timezone.now(), checked_by=by)
    audit.record(by=by, objects=[held], did="Checked")
    held.refresh_from_db()
    return held


@transaction.atomic
def open_again(*, box: Box, by: User) -> Box:
    """Something is not right: it is packed once more. Raises WrongState."""
    held = _hold(box, Status.PACKED, Status.CHECKED)
    Box.objects.filter(pk=held.pk).update(
        status=Status.PLANNED, packed_at=None, packed_by=None, checked_at=None, checked_by=None
    )
    BoxLine.objects.filter(box=held).update(ticked_at=None)
    audit.record(by=by, objects=[held], did="Opened again")
    held.refresh_from_db()
    return held


def _hold(box: Box, *statuses: str) -> Box:
    held = Box.objects.select_for_update().get(pk=box.pk)
    if held.status not in statuses:
        raise WrongState
    return held
