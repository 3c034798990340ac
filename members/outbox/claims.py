"""Taking letters from the queue: each by one sender, none to somebody who may not be written to any more."""

import json
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from csan.lib.mail import Outcome, Verdict
from members.models import Message, SendBatch, Subscription, Suppression
from members.outbox import budget

LETTERS_AT_ONCE = 20  # of those somebody waits for; a small batch is soon done

BEGIN = "UPDATE members_sendbatch SET begun = %s, beat_at = clock_timestamp() WHERE id = %s"
BEGIN_AND_TELL = """
    UPDATE members_sendbatch SET begun = %s, beat_at = clock_timestamp(), exceptions = exceptions || %s::jsonb
    WHERE id = %s
"""


class Fenced(Exception):
    """The batch was taken from this sender, which had been silent too long; it must not begin another letter."""


@dataclass
class Batch:
    """Letters in one sender's hands, in the order of their numbers; `untold` is what its row does not say yet."""

    id: uuid.UUID
    lane: str
    messages: list[Message]
    pace: budget.Pace
    untold: dict[int, Outcome] = field(default_factory=dict)

    def begin(self, message: Message) -> None:
        """Note that `message` is about to be handed over, and what became of those before it. Raises Fenced."""
        with connection.cursor() as cursor:
            if self.untold:
                notes = [[pk, outcome.verdict, outcome.reason] for pk, outcome in self.untold.items()]
                cursor.execute(BEGIN_AND_TELL, [message.pk, json.dumps(notes), self.id])
            else:
                cursor.execute(BEGIN, [message.pk, self.id])
            if cursor.rowcount != 1:
                raise Fenced
        self.untold.clear()

    def keep(self, message: Message, outcome: Outcome) -> Outcome:
        """Remember to tell an outcome with the next letter. Who is not told of was accepted."""
        if outcome.verdict is not Verdict.ACCEPTED:
            self.untold[message.pk] = outcome
        return outcome

    def beat(self) -> None:
        """Say that the sender lives."""
        SendBatch.objects.filter(id=self.id).update(beat_at=Now())


def claim_next() -> Batch | None:
    """The next batch to send: letters somebody waits for first, then a newsletter's; None when nothing is due."""
    letters = claim(Message.Lane.TRANSACTIONAL, min(LETTERS_AT_ONCE, settings.MAIL_BATCH))
    return letters or claim(Message.Lane.BULK, budget.affordable(settings.MAIL_BATCH))


@transaction.atomic
def claim(lane: str, size: int) -> Batch | None:
    """Take up to `size` due letters of a lane. Those to people who left or are suppressed are skipped for good."""
    rows = take_rows(lane, size)
    if not rows:
        return None
    reasons = reasons_to_skip(rows, lane)
    skip(reasons)
    batch = Batch(uuid.uuid4(), lane, [row for row in rows if row.pk not in reasons], budget.Pace())
    if batch.messages:
        batch.pace = budget.take(len(batch.messages), may_wait=lane == Message.Lane.BULK)
        SendBatch.objects.create(id=batch.id, beat_at=Now())
        Message.objects.filter(pk__in=[row.pk for row in batch.messages]).update(
            status=Message.Status.CLAIMED, batch=batch.id, claimed_at=timezone.now()
        )
    return batch


def take_rows(lane: str, size: int) -> list[Message]:
    """Lock due letters that no other sender holds, in the order of their numbers; one issue at a time."""
    for waiting in Message.objects.due_by_issue(lane):
        free = waiting.select_for_update(skip_locked=True).order_by("available_at", "id")[:size]
        if rows := sorted(free, key=lambda row: row.pk):
            return rows
    return []


def reasons_to_skip(rows: list[Message], lane: str) -> dict[int, str]:
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
