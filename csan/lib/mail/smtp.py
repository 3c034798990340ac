"""SMTP over several kept connections at once, driven from one thread.

What is said over each stands in `wire.py`; here a letter finds its connection. TLS, login and time-outs are Django's.
"""

import selectors
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from csan.lib.mail.privacy import assert_private
from csan.lib.mail.transport import Handing
from csan.lib.mail.verdicts import STOPS, Outcome, Verdict
from csan.lib.mail.wire import Wire

OPENED_AT_ONCE = 8  # connections, which take a few round trips each to stand
LETTERS_FOR_ANOTHER = 4  # a handful of letters is not worth many connections

HARD_OF_HEARING: set[tuple[str, int]] = set()  # servers that lose what is said behind a letter, as was found out


class SmtpCarrier:
    """Up to `most` connections; a letter goes to whichever is free, or behind another one."""

    takes_bytes = True
    most_together = 1

    def __init__(self, most: int) -> None:
        self.most = max(1, most)
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.server = (settings.EMAIL_HOST, settings.EMAIL_PORT)
        self.hears_behind = False  # until one letter has shown it, one connection at a time tries
        self.idle: list[Wire] = []
        self.busy: set[Wire] = set()
        self.again: deque[Handing] = deque()  # to be said again, and not behind another
        self.done: list[Handing] = []
        self.selector = selectors.DefaultSelector()

    def open(self, letters: int) -> Outcome | None:
        """As many connections as the letters are worth. A server that grants fewer is used with those."""
        wanted = min(self.most, 1 + letters // LETTERS_FOR_ANOTHER) - len(self.idle) - len(self.busy)
        troubles = [self._add_wire()] if wanted > 0 and not self.idle else []
        if wanted - len(troubles) > 0 and not any(troubles):
            with ThreadPoolExecutor(OPENED_AT_ONCE) as pool:
                fresh = [self._new_wire() for _ in range(wanted - len(troubles))]
                opened = list(pool.map(Wire.open, fresh))
            for wire, trouble in zip(fresh, opened, strict=True):
                if trouble is None:
                    self._welcome(wire)
        return None if self.idle or self.busy else troubles[0]

    def room(self) -> int:
        if self.again:
            return max(0, len(self.idle) - len(self.again))
        return len(self.idle) + len(self._take_one_behind())

    def announce(self, handing: Handing) -> None:
        assert_private(handing.words, handing.recipients, is_batch=False)
        if not handing.recipients[0].isascii():  # it would take SMTPUTF8 (RFC 6531) all the way to the reader
            handing.all_are(Outcome(Verdict.REFUSED, "the address has letters that our mail server cannot carry"))
            self.done.append(handing)
            return
        wire = self.idle.pop() if self.idle else self._take_one_behind()[0]
        self.busy.add(wire)
        wire.announce(handing)
        self._look_at(wire)

    def ready(self) -> list[Handing]:
        return [wire.now for wire in self.busy if wire.now and wire.is_ready]

    def start(self, handing: Handing) -> None:
        wire = next(wire for wire in self.busy if wire.now is handing)
        wire.start()
        self._look_at(wire)

    def wait(self, seconds: float) -> list[Handing]:
        self._say_again()
        if self.busy:
            seconds = min(seconds, min(wire.deadline for wire in self.busy) - time.monotonic())
        for key, _ in self.selector.select(0 if self.done else max(seconds, 0)):
            key.data.hear()
            self._look_at(key.data)
        now = time.monotonic()
        for wire in [wire for wire in self.busy if wire.deadline <= now]:
            wire.give_up()
            self._look_at(wire)
        done, self.done = self.done, []
        return done

    def retract(self) -> None:
        self.again.clear()
        for wire in list(self.busy):
            wire.retract()
            self._look_at(wire)

    def close(self) -> None:
        for wire in [*self.idle, *self.busy]:
            wire.close()
        self.idle, self.busy = [], set()
        self.again.clear()
        self.selector.close()
        self.selector = selectors.DefaultSelector()

    def _new_wire(self) -> Wire:
        backend = mail.get_connection()
        assert isinstance(backend, SmtpBackend)
        return Wire(backend, self.sender)

    def _add_wire(self) -> Outcome | None:
        wire = self._new_wire()
        if trouble := wire.open():
            return trouble
        self._welcome(wire)
        return None

    def _welcome(self, wire: Wire) -> None:
        self.selector.register(wire.socket, selectors.EVENT_READ, wire)
        self.idle.append(wire)

    def _take_one_behind(self) -> list[Wire]:
        """The connections where the next letter's reader may be named before the one that is busy is through."""
        if self.server in HARD_OF_HEARING or (not self.hears_behind and any(wire.behind for wire in self.busy)):
            return []
        wires = [wire for wire in self.busy if wire.takes_one_behind]
        return wires if self.hears_behind else wires[:1]

    def _say_again(self) -> None:
        """Letters that nothing was settled about, over connections that have none: each gets its answer there."""
        while self.again and (self.idle or not self.busy):
            if not self.idle and (trouble := self._add_wire()):
                for handing in self.again:
                    handing.all_are(trouble)
                self.done += self.again
                self.again.clear()
                return
            self.announce(self.again.popleft())

    def _look_at(self, wire: Wire) -> None:
        """Take what a connection is through with. It is free for the next where it still stands, or replaced."""
        if wire.hears_behind is not None:
            self.hears_behind = wire.hears_behind
            if not wire.hears_behind:
                HARD_OF_HEARING.add(self.server)
        through, wire.done = wire.done, []
        for handing in through:
            (self.done if handing.outcomes else self.again).append(handing)
        if not wire.is_open:
            self._part_with(wire)
            is_serving = all(each.verdict not in STOPS for handing in through for each in handing.outcomes)
            if through and is_serving and not wire.is_leaving:
                self._add_wire()
        elif wire.now is None and wire in self.busy:
            self.busy.discard(wire)
            self.idle.append(wire)

    def _part_with(self, wire: Wire) -> None:
        for key in [key for key in self.selector.get_map().values() if key.data is wire]:
            self.selector.unregister(key.fileobj)
        self.busy.discard(wire)
        if wire in self.idle:
            self.idle.remove(wire)
