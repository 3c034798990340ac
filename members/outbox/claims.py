"""Taking letters from the queue: each by one sender, none to somebody who may not be written to any more."""

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from members.models import Issue, Message, SendBatch, Subscription, Suppression
from members.models.outbox import reference_of
from members.outbox import budget
from members.outbox.notes import Notes

LETTERS_AT_ONCE = 20  # of those somebody waits for; a small batch is soon done


class Held(NamedTuple):
    """A letter in a sender's hands: as much of its row as sending needs."""

    pk: int
    to: str
    email_key: str
    language: str
    template: str
    context: dict[str, Any]
    rendition_id: int | None
    subscription_id: int | None

    @property
    def is_erased(self) -> bool:
        """As `Message.is_erased`."""
        return self.to == Message.ERASED_TO

    @property
    def reference(self) -> str:
        """As `Message.reference`."""
        return reference_of(self.pk)


class Batch:
    """Letters in one sender's hands, in the order of their numbers, and the notes it keeps about them."""

    def __init__(self, lane: str, messages: list[Held], issue_id: int | None = None) -> None:
        self.id = uuid.uuid4()
        self.lane = lane
        self.messages = messages
        self.issue_id = issue_id
        self.pace = budget.Pace()
        self.notes = Notes(self.id)

    def is_wanted(self) -> bool:
        """Whether its issue is still being sent."""
        if self.lane == Message.Lane.TRANSACTIONAL:
            return True
        assert self.issue_id is not None
        return Issue.objects.filter(pk=self.issue_id, status__in=Issue.LEAVING).exists()

    def is_overtaken(self) -> bool:
        """Whether a letter that somebody waits for has come meanwhile, which a newsletter lets pass."""
        return self.lane == Message.Lane.BULK and Message.objects.is_any_due(Message.Lane.TRANSACTIONAL)


def claim_next(size: int) -> Batch | None:
    """The next batch to send: letters somebody waits for first, then a newsletter's; None when nothing is due."""
    letters = claim(Message.Lane.TRANSACTIONAL, min(LETTERS_AT_ONCE, size))
    return letters or claim(Message.Lane.BULK, budget.affordable(size))


@transaction.atomic
def claim(lane: str, size: int) -> Batch | None:
    """Take up to `size` due letters of a lane. Those to people who left or are suppressed are skipped for good."""
    if lane == Message.Lane.BULK:
        size = budget.warm_enough(size)
    issue_id, rows = take_rows(lane, size) if size else (None, [])
    if not rows:
        return None
    reasons = reasons_to_skip(rows, lane)
    skip(reasons)
    batch = Batch(lane, [row for row in rows if row.pk not in reasons], issue_id)
    if batch.messages:
        batch.pace = budget.take(len(batch.messages), may_wait=lane == Message.Lane.BULK)
        SendBatch.objects.create(id=batch.id, beat_at=Now())
        Message.objects.filter(pk__in=[row.pk for row in batch.messages]).update(
            status=Message.Status.CLAIMED, batch=batch.id, claimed_at=timezone.now()
        )
    return batch


def take_rows(lane: str, size: int) -> tuple[int | None, list[Held]]:
    """Lock due letters that no other sender holds, in the order of their numbers; one issue at a time."""
    for issue_id, waiting in Message.objects.due_by_issue(lane):
        free = waiting.select_for_update(skip_locked=True).order_by("available_at", "id")
        if rows := sorted(Held(*row) for row in free.values_list(*Held._fields)[:size]):
            return issue_id, rows
    return None, []


def reasons_to_skip(rows: Iterable[Held], lane: str) -> dict[int, str]:
    """By letter: why its person may not be written to now."""
    suppressions = Suppression.objects.filter(email_key__in={row.email_key for row in rows})
    if lane == Message.Lane.TRANSACTIONAL:
        suppressions = suppressions.filter(reason__in=Suppression.STOPS_EVERYTHING)
    stopped = {each.email_key: each.get_reason_display() for each in suppressions}
    reasons = {row.pk: f"suppressed: {stopped[row.email_key]}" for row in rows if row.email_key in stopped}
    if lane == Message.Lane.BULK:
        wanted = {row.subscription_id for row in rows if row.subscription_id}
        active = set(Subscription.objects.active().filter(pk__in=wanted).values_list("pk", flat=True))
        for row in rows:
            if row.subscription_id not in active:
                reasons.setdefault(row.pk, "unsubscribed after the issue was frozen")
    # A letter of somebody erased comes back from a sender that died, was put off, or by staff's "send again".
    return reasons | {row.pk: Message.ERASED for row in rows if row.is_erased}


def skip(reasons: dict[int, str]) -> None:
    """Settle letters that will not be sent, each with its reason."""
    for reason in set(reasons.values()):
        Message.objects.filter(pk__in=[pk for pk, why in reasons.items() if why == reason]).update(
            status=Message.Status.SKIPPED, reason=reason, settled_at=timezone.now()
        )
