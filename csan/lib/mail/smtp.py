"""SMTP over several kept connections at once, driven from one thread.

Each connection speaks for itself, step by step, so that each failure is told apart; TLS, login and time-outs are
Django's. Where the server offers PIPELINING (RFC 2920), a letter costs two round trips instead of four.

The line between "surely not accepted" and "unknown" is the final dot: a server takes responsibility only with its
answer to that dot (RFC 5321, 4.2.5 and 6.1), so whatever fails before the dot has left us was surely not accepted.
"""

import selectors
import smtplib
import socket
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from csan.lib.mail.privacy import assert_private
from csan.lib.mail.transport import Handing
from csan.lib.mail.verdicts import ACCEPTED, STOPS, Outcome, Verdict, describe

POLICY = b"5.7."  # RFC 3463, 3.8: security or policy, such as "relay access denied"; not this person's doing
SERVICE_CLOSING = 421  # RFC 5321, 4.2.3: the server closes the channel whatever was said
OPENED_AT_ONCE = 8  # connections, which take a few round trips each to stand
LONGEST_ANSWER = 8192  # bytes of a line
LETTERS_FOR_ANOTHER = 4  # a handful of letters is not worth many connections

Talk = Generator[float, None, Outcome]  # yields the seconds it will wait for the server's next words


class HungUp(smtplib.SMTPException):
    """The server closed the connection, or said what is not SMTP."""


class Wire:
    """One connection: what it has heard and not yet understood, and the letter it is busy with."""

    def __init__(self, backend: SmtpBackend, sender: str) -> None:
        self.backend = backend
        self.sender = sender
        self.heard = bytearray()
        self.carried = 0
        self.forget_letter()
        self.handing: Handing | None = None
        self.talk: Talk | None = None
        self.deadline = 0.0

    def forget_letter(self) -> None:
        """What is known of one letter's conversation, before it begins."""
        self.was_heard = False
        self.is_stale = False  # closed by the server after it had served, before it knew of this letter
        self.objection: Outcome | None = None

    def open(self) -> Outcome | None:
        """Connect and say hello. What went wrong (DOWN), or None."""
        try:
            self.backend.open()
            assert self.backend.connection is not None
            self.backend.connection.ehlo_or_helo_if_needed()
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Outcome(Verdict.DOWN, f"could not reach the mail server: {describe(error)}")
        self.pipelines = self.backend.connection.has_extn("pipelining")
        self.body = b" BODY=8BITMIME" if self.backend.connection.has_extn("8bitmime") else b""
        return None

    @property
    def is_open(self) -> bool:
        return self.backend.connection is not None

    @property
    def socket(self) -> socket.socket:
        assert self.backend.connection is not None
        assert self.backend.connection.sock is not None
        return self.backend.connection.sock

    def close(self) -> None:
        """Leave without waiting."""
        server, self.backend.connection = self.backend.connection, None
        self.heard.clear()
        self.carried = 0
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.close()

    def begin(self, handing: Handing) -> bool:
        """Say what can be said without an answer. Whether the letter is done already."""
        assert isinstance(handing.words, bytes)
        self.handing = handing
        self.talk = self._converse(handing.recipients[0], quote_dots(handing.words))
        return self._go_on()

    def hear(self) -> bool:
        """Take what has come and go on. Whether the letter is done."""
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            return self._go_on(error)
        if not data:
            return self._go_on(HungUp("the connection was closed"))
        self.heard += data
        return self._go_on()

    def give_up(self) -> bool:
        """The server has been silent for too long."""
        return self._go_on(TimeoutError("no answer in time"))

    def _go_on(self, trouble: Exception | None = None) -> bool:
        assert self.talk is not None
        assert self.handing is not None
        try:
            patience = self.talk.throw(trouble) if trouble else next(self.talk)
        except StopIteration as end:
            self.handing.all_are(end.value)
            self.talk = None
            return True
        except Exception as error:  # none that we know of; the letter must be settled and the connection is spent
            self.close()
            self.handing.all_are(Outcome(Verdict.UNKNOWN, f"an error while handing it over: {describe(error)}"))
            self.talk = None
            return True
        self.deadline = time.monotonic() + patience
        return False

    def _converse(self, to: str, message: bytes) -> Talk:
        """The whole conversation about one letter."""
        sent_whole = False
        self.forget_letter()
        try:
            yield from self._ask(to)
            if self.objection:
                return self.objection
            self.socket.sendall(message)
            sent_whole = True
            code, reply = yield from self._answer(settings.EMAIL_FINAL_TIMEOUT)
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            if self.objection:
                return self.objection
            if sent_whole:
                return Outcome(Verdict.UNKNOWN, f"no answer after the letter had been sent: {describe(error)}")
            return Outcome(Verdict.DOWN, f"the mail server hung up before it had the letter: {describe(error)}")
        self.carried += 1
        if code == SERVICE_CLOSING:
            self.close()
        return ACCEPTED if code == 250 else judge_objection("the letter", code, reply)

    def _ask(self, to: str) -> Generator[float, None, None]:
        """Say for whom a letter is, until the server wants it, or has an `objection` and is ready for another."""
        commands = (
            ("MAIL", b"MAIL FROM:<%s>%s\r\n" % (self.sender.encode(), self.body), (250,)),
            ("RCPT", b"RCPT TO:<%s>\r\n" % to.encode(), (250, 251)),
            ("DATA", b"DATA\r\n", (354,)),
        )
        if self.pipelines:
            self.socket.sendall(b"".join(line for _, line, _ in commands))
        for command, line, wanted in commands:
            if not self.pipelines:
                if self.objection:
                    break
                self.socket.sendall(line)
            code, reply = yield from self._answer(settings.EMAIL_TIMEOUT)
            if self.objection is None and code not in wanted:
                self.objection = judge_objection(command, code, reply)
            self.was_heard = self.was_heard or code != SERVICE_CLOSING
            if code == SERVICE_CLOSING or (self.objection and code == 354):
                # A server that wants a letter for nobody gets none: what never saw a dot was not accepted.
                self._leave()
                return
        if self.objection:
            self.socket.sendall(b"RSET\r\n")
            yield from self._answer(settings.EMAIL_TIMEOUT)

    def _leave(self) -> None:
        self.is_stale = not self.was_heard and self.carried > 0
        self.close()

    def _answer(self, patience: float) -> Generator[float, None, tuple[int, bytes]]:
        """The next whole reply: its code and its words (RFC 5321, 4.2.1). Raises HungUp for what is none."""
        words = []
        while True:
            while (end := self.heard.find(b"\n")) < 0:
                if len(self.heard) > LONGEST_ANSWER:
                    raise HungUp("an endless answer")
                yield patience
            line = bytes(self.heard[:end]).rstrip(b"\r")
            del self.heard[: end + 1]
            if not line[:3].isdigit():
                raise HungUp(f"not an answer: {line[:80]!r}")
            words.append(line[4:])
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)


class SmtpCarrier:
    """Up to `most` connections; a letter goes to whichever is free."""

    takes_bytes = True
    most_together = 1

    def __init__(self, most: int) -> None:
        self.most = max(1, most)
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.idle: list[Wire] = []
        self.busy: set[Wire] = set()
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
        return len(self.idle)

    def start(self, handing: Handing) -> None:
        assert_private(handing.words, handing.recipients, is_batch=False)
        if not handing.recipients[0].isascii():  # it would take SMTPUTF8 (RFC 6531) all the way to the reader
            handing.all_are(Outcome(Verdict.REFUSED, "the address has letters that our mail server cannot carry"))
            self.done.append(handing)
            return
        wire = self.idle.pop()
        self.busy.add(wire)
        if wire.begin(handing):
            self._finish(wire)

    def wait(self, seconds: float) -> list[Handing]:
        now = time.monotonic()
        if self.busy:
            seconds = min(seconds, min(wire.deadline for wire in self.busy) - now)
        for key, _ in self.selector.select(0 if self.done else max(seconds, 0)):
            wire = key.data
            if wire not in self.busy:  # nothing was asked: the server is closing this connection
                self._forget(wire)
            elif wire.hear():
                self._finish(wire)
        now = time.monotonic()
        for wire in [wire for wire in self.busy if wire.deadline <= now]:
            if wire.give_up():
                self._finish(wire)
        done, self.done = self.done, []
        return done

    def close(self) -> None:
        for wire in [*self.idle, *self.busy]:
            wire.close()
        self.idle, self.busy = [], set()
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

    def _forget(self, wire: Wire) -> None:
        self._unregister(wire)
        wire.close()
        self.idle.remove(wire)

    def _unregister(self, wire: Wire) -> None:
        for key in [key for key in self.selector.get_map().values() if key.data is wire]:
            self.selector.unregister(key.fileobj)

    def _finish(self, wire: Wire) -> None:
        """The wire's letter is done, and the wire is free for the next where it still stands."""
        assert wire.handing is not None
        self.busy.discard(wire)
        if wire.is_open:
            self.idle.append(wire)
        else:
            self._unregister(wire)
            is_serving = wire.is_stale or all(each.verdict not in STOPS for each in wire.handing.outcomes)
            if is_serving and self._add_wire() is None and wire.is_stale:
                self.start(wire.handing)  # of which the server has heard nothing
                return
        self.done.append(wire.handing)


def judge_objection(command: str, code: int, reply: bytes) -> Outcome:
    """What a refusal means: 5xx to a person or letter is final, 5xx that is about us is our trouble and passes."""
    reason = f"{code} {reply.decode(errors='replace')} (answer to {command})"
    about_us = command == "MAIL" or (command == "RCPT" and reply.startswith(POLICY))
    if code < 400 or code == SERVICE_CLOSING or about_us:
        return Outcome(Verdict.DOWN, reason)
    return Outcome(Verdict.REFUSED if code >= 500 else Verdict.TEMPORARY, reason)


def quote_dots(data: bytes) -> bytes:
    """A message as DATA wants it: lines that begin with a dot get another (RFC 5321, 4.5.2), then the final dot."""
    quoted = data.replace(b"\n.", b"\n..")
    return (b"." if data.startswith(b".") else b"") + quoted.rstrip(b"\r\n") + b"\r\n.\r\n"
