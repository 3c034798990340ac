"""A sender at work: claim, hand over, settle, until nothing is due or its time is up."""

import logging
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

from csan.lib.mail import EmailMultiAlternatives, Letter, Outcome, Transport, Verdict, build, open_transport
from members.models import Message
from members.outbox.claims import Batch, Fenced, claim_next
from members.outbox.renditions import personal_letter, skeleton_of
from members.outbox.settling import settle

logger = logging.getLogger(__name__)

TURN = 5.0  # seconds a sender works before it lets other tasks of its worker run
BULK_TURN = 2.0  # seconds on one batch of a newsletter before it looks for letters somebody waits for
# After these the service is not to be trusted with another letter just now: an outage costs one letter, not all.
STOPS = (Verdict.DOWN, Verdict.UNKNOWN)


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
    """Hand over the batch's letters and settle them. False where going on with this service is no use now."""
    turn = BULK_TURN if batch.lane == Message.Lane.BULK else TURN
    ends = max(time.monotonic(), batch.pace.starts) + turn
    outcomes: dict[int, Outcome] = {}
    last: Outcome | None = None
    with Heartbeat(batch):
        if batch.messages and (trouble := transport.connect()):
            logger.warning("The mail service cannot be reached: %s", trouble.reason)
            settle(batch, {batch.messages[0].pk: trouble})
            return False
        try:
            for message in batch.messages:
                if time.monotonic() > ends or (last and last.verdict in STOPS):
                    break
                last = outcomes[message.pk] = send_one(batch, message, transport)
        except Fenced:
            logger.warning("A batch was taken from this sender after a long silence; it stops here")
        except (OperationalError, InterfaceError):  # before a letter was handed over; what was done is held on to
            logger.warning("The database went away between two letters")
            connection.close()
        settle(batch, outcomes)
    return last is None or last.verdict not in STOPS


def send_one(batch: Batch, message: Message, transport: Transport) -> Outcome:
    """Write one letter, note that it is begun, hand it over, and keep what is to be told with the next."""
    try:
        words = bytes_of(message) if transport.takes_bytes else email_of(message)
    except Exception as error:  # a template may fail on this person's data; the others still go
        logger.exception("Letter %s could not be written", message.pk)
        return batch.keep(message, Outcome(Verdict.TEMPORARY, f"could not be written: {type(error).__name__}"))
    batch.pace.wait()
    batch.begin(message)
    try:
        outcome = transport.send(to=message.to, words=words)
    except Exception as error:  # whatever a mail library may come up with, the batch must be settled
        logger.exception("Letter %s was handed over with an error", message.pk)
        outcome = Outcome(Verdict.UNKNOWN, f"an error while handing it over: {type(error).__name__}")
    if outcome.verdict in STOPS:
        logger.warning("The mail service stopped at letter %s: %s", message.pk, outcome.verdict)
    return batch.keep(message, outcome)


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


class Heartbeat:
    """Says that a sender lives while a slow mail server keeps it waiting longer than a lease.

    A batch that is soon done, which is nearly all of them, ends before the first beat and costs no connection.
    """

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.done.set()
        self.thread.join()

    def _beat(self) -> None:
        opened = False
        while not self.done.wait(settings.MAIL_LEASE / 6):
            opened = True
            with suppress(Error):
                self.batch.beat()
        if opened:
            connection.close()
