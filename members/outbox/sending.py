"""A sender at work: claim, hand over, settle, until nothing is due or its time is up."""

import logging
import time

from csan.lib.mail import EmailMultiAlternatives, Letter, Outcome, Transport, Verdict, build, open_transport
from members.models import Message
from members.outbox.claims import Batch, Fenced, claim_next
from members.outbox.renditions import personal_letter, skeleton_of
from members.outbox.settling import settle

logger = logging.getLogger(__name__)

TURN = 5.0  # seconds a sender works before it lets other tasks of its worker run
BULK_TURN = 2.0  # seconds on one batch of a newsletter before it looks for letters somebody waits for


def send_waiting(seconds: float = TURN) -> bool:
    """Send what is due for about `seconds`. Whether there may be more that can be sent now."""
    ends = time.monotonic() + seconds
    transport = open_transport()
    try:
        while time.monotonic() < ends:
            batch = claim_next()
            if batch is None:
                return False
            if not send_batch(batch, transport):
                return False
    finally:
        transport.close()
    return True


def send_batch(batch: Batch, transport: Transport) -> bool:
    """Hand over the batch's letters and settle them. False where the mail service is down and going on is no use."""
    ends = time.monotonic() + (BULK_TURN if batch.lane == Message.Lane.BULK else TURN)
    outcomes: dict[int, Outcome] = {}
    previous: tuple[int, Outcome] | None = None
    if batch.messages and (trouble := transport.connect()):
        settle(batch, {batch.messages[0].pk: trouble})
        return False
    try:
        for message in batch.messages:
            if time.monotonic() > ends:
                break
            outcome = send_one(batch, message, transport, previous)
            outcomes[message.pk] = outcome
            previous = (message.pk, outcome)
            if outcome.verdict is Verdict.DOWN:
                break
    except Fenced:
        logger.warning("A batch was taken from this sender after a long silence; it stops here")
    settle(batch, outcomes)
    return previous is None or previous[1].verdict is not Verdict.DOWN


def send_one(batch: Batch, message: Message, transport: Transport, previous: tuple[int, Outcome] | None) -> Outcome:
    """Write one letter, note that it is begun, hand it over."""
    try:
        words = bytes_of(message) if transport.takes_bytes else email_of(message)
    except Exception as error:  # a template may fail on this person's data; the others still go
        logger.exception("Letter %s could not be written", message.pk)
        return Outcome(Verdict.TEMPORARY, f"could not be written: {type(error).__name__}")
    batch.pace.wait()
    batch.begin(message, previous)
    return transport.send(to=message.to, words=words)


def bytes_of(message: Message) -> bytes:
    """The letter as it goes over the wire: a newsletter's by filling its skeleton."""
    if message.rendition_id:
        skeleton = skeleton_of(message.rendition_id)
        return skeleton.fill(to=message.to, reference=message.reference, values=message.context)
    return letter_of(message).as_bytes()


def email_of(message: Message) -> EmailMultiAlternatives:
    """The letter for Django's backends."""
    letter = personal_letter(message) if message.rendition_id else letter_of(message)
    return letter.as_email()


def letter_of(message: Message) -> Letter:
    """A letter from its template and context."""
    return build(
        message.template,
        to=message.to,
        language=message.language,
        context=message.context,
        reference=message.reference,
    )
