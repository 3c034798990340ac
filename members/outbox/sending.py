"""A sender at work: claim, hand over, settle, until nothing is due or its time is up.

It is one thread: it keeps the notes, looks at the clock and drives the lanes of its carrier.
"""

import logging
import time
from collections import deque
from collections.abc import Iterable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from csan.lib.mail import STOPS, Carrier, Exposed, Handing, Outcome, Verdict, open_carrier
from members.models import Message
from members.outbox.claims import Batch, Held, claim_next
from members.outbox.notes import Fenced
from members.outbox.settling import settle
from members.outbox.writing import together, write

logger = logging.getLogger(__name__)

TURN = 5.0  # seconds a sender works before it lets other tasks of its worker run
BULK_TURN = 2.0  # seconds on one batch of a newsletter before it looks for letters somebody waits for
LOOK = 0.5  # seconds between two looks at whether the issue is still being sent
GATHER = 0.001  # seconds in which more lanes may come free, so that one note serves them all


def send_waiting(seconds: float = TURN) -> bool:
    """Send what is due for about `seconds`. Whether there may be more that can be sent now."""
    ends = time.monotonic() + seconds
    carrier = open_carrier()
    size, is_proven = settings.MAIL_BATCH, False
    try:
        while time.monotonic() < ends:
            batch = claim_next(size)
            if batch is None:
                return False
            begins = time.monotonic()
            delivery = Delivery(batch, carrier, is_proven=is_proven)
            if not delivery.run():
                return False
            is_proven = delivery.is_proven
            size = worth_claiming(len(delivery.outcomes), time.monotonic() - begins, size)
    finally:
        carrier.close()
    return True


def worth_claiming(count: int, seconds: float, before: int) -> int:
    """How many letters to claim next: about as many as can be handed over in a turn, so that few are given back."""
    lanes: int = settings.MAIL_THREADS
    if count < lanes:
        return before
    worth = int(count / max(seconds, 0.01) * BULK_TURN * 0.8)
    most: int = settings.MAIL_BATCH
    return max(lanes, min(most, worth))


class Delivery:
    """One batch on its way through the carrier's lanes.

    Until the service has answered once (`is_proven`), letters go one by one: an outage costs one letter in doubt.
    """

    def __init__(self, batch: Batch, carrier: Carrier, *, is_proven: bool = False) -> None:
        self.batch = batch
        self.carrier = carrier
        self.waiting = deque(batch.messages)
        self.in_hand: dict[int, Handing] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.is_proven = is_proven
        self.is_trusted = True  # whether going on with this service is of use now
        self.ends = max(time.monotonic(), batch.pace.starts) + (BULK_TURN if batch.lane == Message.Lane.BULK else TURN)
        self.looks_at = time.monotonic() + LOOK
        self.beats_at = time.monotonic() + settings.MAIL_LEASE / 6

    def run(self) -> bool:
        """Hand over and settle. False where going on with this service is no use now."""
        if self.waiting and (trouble := self.carrier.open(len(self.waiting))):
            logger.warning("The mail service cannot be reached: %s", trouble.reason)
            settle(self.batch, {self.batch.messages[0].pk: trouble})
            return False
        while self.waiting or self.in_hand:
            try:
                self._look()
                self._begin_ready()
            except Fenced:
                logger.warning("A batch was taken from this sender after a long silence; it stops here")
                self.waiting.clear()
            except (OperationalError, InterfaceError):  # before letters were handed over; what is known is held on to
                logger.warning("The database went away between two letters")
                connection.close()
                self.waiting.clear()
            self._hear()
        settle(self.batch, self.outcomes)
        return self.is_trusted

    def _look(self) -> None:
        """Begin no more when the time is up, the issue was stopped, or somebody waits for another letter."""
        now = time.monotonic()
        if now >= self.ends or not self.is_trusted:
            self.waiting.clear()
        elif now >= self.looks_at and self.waiting:
            self.looks_at = now + LOOK
            if not self.batch.may_go_on():
                self.waiting.clear()
        if now >= self.beats_at:
            self.beats_at = now + settings.MAIL_LEASE / 6
            self.batch.notes.beat()

    def _begin_ready(self) -> None:
        """Write the letters whose time has come and for which a lane is free, note them all, hand them over."""
        ready: list[Handing] = []
        is_cut_off = self.waiting and not self.in_hand and not self.carrier.room()  # the last connection was closed
        if is_cut_off and self.carrier.open(len(self.waiting)):
            self.is_trusted = False
            return
        room = self._room()
        while self.waiting and len(ready) < room and self.batch.pace.wait() <= 0:
            letters = together(self.waiting, most=min(self._together(), self.batch.pace.places()))
            self.batch.pace.taken += len(letters)
            if handing := self._written(letters):
                ready.append(handing)
        if not ready:
            return
        self.batch.notes.begin((number for handing in ready for number in handing.numbers), in_hand=list(self.in_hand))
        for handing in ready:
            self.in_hand.update(dict.fromkeys(handing.numbers, handing))
        for handing in ready:
            try:
                self.carrier.start(handing)
            except Exposed:
                logger.exception("Letter %s was held back", handing.numbers[0])
                self._drop(handing)

    def _room(self) -> int:
        room = self.carrier.room()
        return room if self.is_proven else min(room, 1 - len(self.in_hand))

    def _together(self) -> int:
        return self.carrier.most_together if self.is_proven else 1

    def _drop(self, handing: Handing) -> None:
        """What must never happen stops the sender; nothing has left."""
        self.is_trusted = False
        held_back = Outcome(Verdict.TEMPORARY, "held back: it would have shown somebody another reader's address")
        for number in handing.numbers:
            del self.in_hand[number]
            self._keep([(number, held_back)])

    def _written(self, letters: list[Held]) -> Handing | None:
        try:
            return write(letters, as_bytes=self.carrier.takes_bytes)
        except Exception as error:  # a template may fail on this person's data; the others still go
            logger.exception("Letter %s could not be written", letters[0].pk)
            why = Outcome(Verdict.TEMPORARY, f"could not be written: {type(error).__name__}")
            self._keep((letter.pk, why) for letter in letters)
            return None

    def _hear(self) -> None:
        """Wait until something is to be done, and take in what became of letters."""
        now = time.monotonic()
        until = min(self.beats_at, self.looks_at if self.waiting else self.beats_at)
        if self.waiting and self._room() > 0:
            until = min(until, now + self.batch.pace.wait())
        if not self.in_hand and (not self.waiting or until <= now):
            return
        done = self.carrier.wait(until - now)
        if done and len(self.in_hand) > len(done):
            done += self.carrier.wait(GATHER)
        self.is_proven = self.is_proven or bool(done)
        for handing in done:
            for number, outcome in zip(handing.numbers, handing.outcomes, strict=True):
                del self.in_hand[number]
                if outcome.verdict in STOPS:
                    self.is_trusted = False
                    logger.warning("The mail service stopped at letter %s: %s", number, outcome.verdict)
            self._keep(zip(handing.numbers, handing.outcomes, strict=True))

    def _keep(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        for number, outcome in outcomes:
            self.outcomes[number] = outcome
            self.batch.notes.keep(number, outcome)
