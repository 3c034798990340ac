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
GATHER = 0.001  # seconds in which more lanes may become ready, so that one note serves several
ENOUGH = 3  # one lane in so many is worth a note; to wait for all would have sender and server work in turn


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
    """One batch on its way through the carrier's lanes: letters are waiting, announced to a lane, in hand, or done.

    Until the service has answered once (`is_proven`), letters go one by one: an outage costs one letter in doubt.
    """

    def __init__(self, batch: Batch, carrier: Carrier, *, is_proven: bool = False) -> None:
        self.batch = batch
        self.carrier = carrier
        self.waiting = deque(batch.messages)
        self.announced: dict[int, Handing] = {}
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
        while self.waiting or self.announced or self.in_hand:
            try:
                self._look()
                self._announce()
                self._begin_ready()
            except Fenced:
                logger.warning("A batch was taken from this sender after a long silence; it stops here")
                self._stop()
            except (OperationalError, InterfaceError):  # before letters were handed over; what is known is held on to
                logger.warning("The database went away between two letters")
                connection.close()
                self._stop()
            self._hear()
        settle(self.batch, self.outcomes)
        return self.is_trusted

    def _look(self) -> None:
        """Announce no more when the time is up or somebody waits for another letter; stop where the issue was."""
        now = time.monotonic()
        if not self.is_trusted:
            self._stop()
        elif now >= self.looks_at and (self.waiting or self.announced):
            self.looks_at = now + LOOK
            if not self.batch.is_wanted():
                self._stop()
            elif self.batch.is_overtaken():
                self.waiting.clear()
        if now >= self.ends:
            self.waiting.clear()
        if now >= self.beats_at:
            self.beats_at = now + settings.MAIL_LEASE / 6
            self.batch.notes.beat()

    def _stop(self) -> None:
        """Begin no more, not even what is announced; what is in hand is heard to its end."""
        self.waiting.clear()
        if self.announced:
            self.carrier.retract()
            self.announced.clear()

    def _announce(self) -> None:
        """Write the letters whose time has come and for which a lane has room, and tell the lanes of them."""
        if not self.waiting:
            return
        is_cut_off = not self.in_hand and not self.announced and not self.carrier.room()
        if is_cut_off and self.carrier.open(len(self.waiting)):  # the last connection was closed
            self.is_trusted = False
            return
        room = self._room()
        while self.waiting and room > 0 and self.batch.pace.wait() <= 0:
            letters = together(self.waiting, most=min(self._together(), self.batch.pace.places()))
            self.batch.pace.taken += len(letters)
            if handing := self._written(letters):
                room -= 1
                try:
                    self.carrier.announce(handing)
                    self.announced.update(dict.fromkeys(handing.numbers, handing))
                except Exposed:
                    logger.exception("Letter %s was held back", handing.numbers[0])
                    self._hold_back(handing)
                    return

    def _begin_ready(self) -> None:
        """Note the letters for which the service is ready, then let their words leave."""
        ready = self.carrier.ready()
        if not ready:
            return
        numbers = [number for handing in ready for number in handing.numbers]
        others = self.announced.keys() - numbers
        self.batch.notes.begin(numbers, in_hand=self.in_hand, announced=others)
        for handing in ready:
            for number in handing.numbers:
                self.in_hand[number] = self.announced.pop(number)
        for handing in ready:
            self.carrier.start(handing)

    def _room(self) -> int:
        room = self.carrier.room()
        return room if self.is_proven else min(room, 1 - len(self.in_hand) - len(self.announced))

    def _together(self) -> int:
        return self.carrier.most_together if self.is_proven else 1

    def _hold_back(self, handing: Handing) -> None:
        """What must never happen stops the sender; nothing has left."""
        self.is_trusted = False
        held_back = Outcome(Verdict.TEMPORARY, "held back: it would have shown somebody another reader's address")
        self._keep((number, held_back) for number in handing.numbers)

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
        is_under_way = self.in_hand or self.announced
        until = min(self.beats_at, self.looks_at if self.waiting or self.announced else self.beats_at)
        if self.waiting and self._room() > 0:
            until = min(until, now + self.batch.pace.wait())
        if not is_under_way and (not self.waiting or until <= now):
            return
        done = self.carrier.wait(until - now)
        if len(self.in_hand) + len(self.announced) > ENOUGH * (len(done) + len(self.carrier.ready())):
            done += self.carrier.wait(GATHER)
        self.is_proven = self.is_proven or bool(done)
        for handing in done:
            for number, outcome in zip(handing.numbers, handing.outcomes, strict=True):
                self.in_hand.pop(number, None)
                self.announced.pop(number, None)  # or it was forgotten meanwhile; what was answered counts
                if outcome.verdict in STOPS:
                    self.is_trusted = False
                    logger.warning("The mail service stopped at letter %s: %s", number, outcome.verdict)
            self._keep(zip(handing.numbers, handing.outcomes, strict=True))

    def _keep(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        for number, outcome in outcomes:
            self.outcomes[number] = outcome
            self.batch.notes.keep(number, outcome)
