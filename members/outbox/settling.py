"""Writing down what became of letters: by their sender, for a sender that died, or by staff."""

import logging
import random
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from csan.lib import audit
from csan.lib.mail import Outcome, Verdict
from csan.lib.mail.bounces import refuses_for_good
from members.models import Message, SendBatch
from members.outbox.claims import Batch
from members.outbox.events import give_up_mailboxes, hear_events, record_dead_mailbox

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10  # of one letter that the service puts off; with the back-off below about a day
LONGEST_BACKOFF = timedelta(hours=6)
REST_WHEN_DOWN = timedelta(seconds=10)
NAMED_IN_LOG = 100  # letters; their number is told for all
PATIENCE = 90  # seconds a sender holds on to what it knows while the database is away

MOST_DOUBTS = 2  # after which a letter somebody waits for is not sent again either
HEALED_BY_ITS_SENDER = (Message.Status.UNCERTAIN, Message.Status.SKIPPED)

ACCEPT = """
    UPDATE members_message AS letter
    SET status = 'accepted', reason = '', settled_at = clock_timestamp(), provider_id = named.provider_id
    FROM unnest(%s::bigint[], %s::varchar[]) AS named (id, provider_id)
    WHERE letter.id = named.id AND letter.batch = %s AND letter.status = ANY(%s)
"""

KILLED = "the sender was stopped while handing this letter over; it may or may not have gone"
DATABASE_CRASHED = "the database crashed while this letter was with a sender; it may or may not have gone"


def settle(batch: Batch, outcomes: Mapping[int, Outcome]) -> None:
    """Write the outcomes of a batch and give back its letters that were not begun.

    A sender knows what it did even where the database has gone away: it tries again until it is back.
    """
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return _settle(batch, outcomes)
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends:
                raise
            logger.warning("The database is away; holding on to %s outcomes", len(outcomes))
            connection.close()
            time.sleep(1)


@transaction.atomic
def _settle(batch: Batch, outcomes: Mapping[int, Outcome]) -> None:
    SendBatch.objects.filter(id=batch.id).delete()
    write_outcomes(batch.id, outcomes)
    # What is still held was never begun. Where another has settled for this sender, nothing is held any more.
    stopped = any(outcome.verdict in (Verdict.DOWN, Verdict.UNKNOWN) for outcome in outcomes.values())
    give_back(held_by(batch.id), after=REST_WHEN_DOWN if stopped else timedelta())


def held_by(batch_id: uuid.UUID) -> QuerySet[Message]:
    """The letters that a batch still holds."""
    return Message.objects.filter(batch=batch_id, status=Message.Status.CLAIMED)


def give_back(letters: QuerySet[Message], *, after: timedelta, reason: str = "") -> int:
    """Put letters back into the queue, to be sent `after` a while. How many."""
    return letters.update(
        status=Message.Status.QUEUED,
        claimed_at=None,
        settled_at=None,
        available_at=timezone.now() + after,
        reason=reason,
    )


def write_outcomes(batch_id: uuid.UUID, outcomes: Mapping[int, Outcome]) -> None:
    """Each outcome onto its row. What a sender saw heals a row that was given up as uncertain meanwhile."""
    dead = [pk for pk, each in outcomes.items() if refuses_for_good(each)]
    give_up_mailboxes(dead)
    unsettled = Message.objects.filter(batch=batch_id, status__in=(*Message.OPEN, *HEALED_BY_ITS_SENDER))
    accepted = {pk: each for pk, each in outcomes.items() if each.verdict is Verdict.ACCEPTED}
    now = timezone.now()
    plain = [pk for pk, each in accepted.items() if not each.provider_id]
    if plain:
        unsettled.filter(pk__in=plain).update(status=Message.Status.ACCEPTED, reason="", settled_at=now)
    if named := {pk: each.provider_id[:200] for pk, each in accepted.items() if each.provider_id}:
        _write_accepted(batch_id, named)
    for pk, outcome in outcomes.items():
        if pk not in accepted:
            _write_one(unsettled.filter(pk=pk), outcome)
    hear_events({pk: each.provider_id for pk, each in outcomes.items()})
    for pk in dead:
        record_dead_mailbox(pk, outcomes[pk].reason)


def _write_accepted(batch_id: uuid.UUID, provider_ids: Mapping[int, str]) -> None:
    """All in one statement, each with the service's own name for it."""
    states = [*Message.OPEN, *HEALED_BY_ITS_SENDER]
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, [list(provider_ids), list(provider_ids.values()), batch_id, states])


def _write_one(row: QuerySet[Message], outcome: Outcome) -> None:
    now = timezone.now()
    match outcome.verdict:
        case Verdict.REFUSED:
            changes = {"status": Message.Status.REFUSED, "reason": outcome.reason[:400], "settled_at": now}
            if refuses_for_good(outcome):
                # At once: a second time PostgreSQL would look up the subscription, which somebody may be erasing.
                changes["delivery"] = Message.Delivery.BOUNCED
            row.update(**changes)
        case Verdict.TEMPORARY:
            for message in row:
                put_off(message, outcome.reason)
        case Verdict.DOWN:  # it may itself be the cause, so the others go first next time
            give_back(row, after=REST_WHEN_DOWN * random.uniform(3, 9), reason=outcome.reason[:400])  # noqa: S311
        case Verdict.UNKNOWN:
            doubt(row, outcome.reason)


def put_off(message: Message, reason: str, *, at_once: bool = False) -> None:
    """Try this letter again later, each time later; give it up after MOST_ATTEMPTS."""
    letter = Message.objects.filter(pk=message.pk)
    attempts = message.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        given_up = f"given up after {attempts} attempts: {reason}"[:400]
        letter.update(status=Message.Status.FAILED, attempts=attempts, reason=given_up, settled_at=timezone.now())
        return
    wait = timedelta() if at_once else min(timedelta(seconds=30 * 2 ** (attempts * 1.4)), LONGEST_BACKOFF)
    letter.update(attempts=attempts)
    give_back(letter, after=wait * random.uniform(0.8, 1.2), reason=reason[:400])  # noqa: S311 - spreads load


def doubt(letters: QuerySet[Message], reason: str, *, at_once: bool = False) -> None:
    """Letters that may have gone: a newsletter waits for proof, one that somebody waits for is sent again.

    Not for ever: a server that takes letters and never says so would get the same one ten times.
    """
    again = list(letters.filter(lane=Message.Lane.TRANSACTIONAL, attempts__lt=MOST_DOUBTS))
    letters.exclude(pk__in=[message.pk for message in again]).update(
        status=Message.Status.UNCERTAIN, reason=reason[:400], settled_at=timezone.now()
    )
    for message in again:
        put_off(message, reason, at_once=at_once)


@transaction.atomic
def recover() -> int:
    """Settle for senders that have been silent for `MAIL_LEASE` seconds. How many letters were in question.

    Taking their row away fences them off first; if one was only slow, it stops at its next letter.
    """
    silent = SendBatch.objects.filter(beat_at__lt=Now() - timedelta(seconds=settings.MAIL_LEASE))
    count = 0
    for dead in silent.select_for_update(skip_locked=True):
        count += _settle_for(dead)
        dead.delete()
    lost = Message.objects.filter(
        ~Exists(SendBatch.objects.filter(id=OuterRef("batch"))),
        status=Message.Status.CLAIMED,
        claimed_at__lt=Now() - timedelta(seconds=settings.MAIL_LEASE),
    )
    pks = list(lost.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    if pks:
        doubt(Message.objects.filter(pk__in=pks), DATABASE_CRASHED, at_once=True)
    return count + len(pks)


def _settle_for(dead: SendBatch) -> int:
    """What a dead sender's own notes say: told, accepted, in doubt (those in hand), never begun.

    What was told of a letter while it was only announced stands.
    """
    held = list(held_by(dead.id).order_by("pk").values_list("pk", flat=True))
    told = {pk: Outcome(Verdict(verdict), reason) for pk, verdict, reason in dead.exceptions}
    known = {*told, *dead.in_hand, *dead.announced}
    accepted = {pk: Outcome(Verdict.ACCEPTED) for pk in held if pk <= dead.begun and pk not in known}
    write_outcomes(dead.id, {**told, **accepted})
    doubt(held_by(dead.id).filter(pk__in=dead.in_hand), KILLED, at_once=True)
    give_back(held_by(dead.id), after=timedelta())
    return len(held)


@transaction.atomic
def resolve_uncertain(*, letters: QuerySet[Message], by: User, send_again: bool) -> int:
    """Staff settle letters in doubt: take them as sent, or send them again. How many were changed."""
    chosen = letters.filter(status=Message.Status.UNCERTAIN)
    named = list(chosen[:NAMED_IN_LOG])
    if send_again:
        count = give_back(chosen, after=timedelta(), reason="sent again by staff after doubt")
    else:
        count = chosen.update(status=Message.Status.ACCEPTED, reason="taken as sent by staff after doubt")
    audit.record(by=by, objects=named, did="Sent again" if send_again else "Taken as sent", letters=count)
    return count


def send_failed_again(letters: QuerySet[Message]) -> int:
    """Put letters that were given up back into the queue, with all their attempts before them. How many."""
    failed = letters.filter(status=Message.Status.FAILED)
    pks = list(failed.select_for_update().values_list("pk", flat=True))
    again = Message.objects.filter(pk__in=pks)
    again.update(attempts=0)
    return give_back(again, after=timedelta(), reason="sent again by staff after it had failed")
