"""One kept SMTP connection, and what is said over it.

A letter is handed over in two steps. First its reader is named (MAIL, RCPT, DATA), which delivers nothing and is taken
back by hanging up. Once the server wants it, the letter is ready, and its words leave when whoever keeps the notes
says so. Where the server offers PIPELINING, the next letter's reader is named right behind the final dot: RFC 2920
(3.1) lets a group of commands begin with the words of a letter, so that each costs one round trip instead of four.

The line between "surely not accepted" and "unknown" is that final dot: a server takes responsibility only with its
answer to it (RFC 5321, 4.2.5 and 6.1), so whatever fails before the dot has left us was surely not accepted.
"""

import math
import smtplib
import socket
import time
from collections.abc import Generator
from contextlib import suppress

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from csan.lib.mail.transport import Handing
from csan.lib.mail.verdicts import ACCEPTED, Outcome, Verdict, describe

POLICY = b"5.7."  # RFC 3463, 3.8: security or policy, such as "relay access denied"; not this person's doing
SERVICE_CLOSING = 421  # RFC 5321, 4.2.3: the server closes the channel whatever was said
LONGEST_ANSWER = 8192  # bytes of a line
RECORD = 16_384  # bytes; what TLS sends as one (RFC 8446, 5.1) is read whole by the other side, or not at all
SAID_AGAIN = Outcome(Verdict.DOWN, "to be said again")  # of a letter nothing was settled about, for `Wire` alone

# What becomes of a part of a conversation: None where the server now wants the letter's words. It yields the seconds
# it will wait for the server's next ones.
Talk = Generator[float, None, Outcome | None]


class HungUp(smtplib.SMTPException):
    """The server closed the connection, or said what is not SMTP."""


class Wire:
    """A connection, the letter it is busy with (`now`), and the one whose reader is named `behind` that.

    `done` are letters it is through with; those without an outcome were not settled by what was said, and it is for
    another connection to ask.
    """

    def __init__(self, backend: SmtpBackend, sender: str) -> None:
        self.backend = backend
        self.sender = sender
        self.heard = bytearray()
        self.carried = 0
        self.now: Handing | None = None
        self.behind: Handing | None = None
        self.done: list[Handing] = []
        self.talk: Talk | None = None
        self.is_giving = False  # the words of `now` have begun to leave
        self.is_leaving = False  # the server was told of a letter that it must not get
        self.hears_behind: bool | None = None  # whether the server hears what is said behind a letter
        self.deadline = math.inf
        # Of the letter whose reader is named: what speaks against it, whether the server knows of it, and its reader.
        self.objection: Outcome | None = None
        self.was_heard = False
        self.has_reader = False

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
    def is_ready(self) -> bool:
        """Whether the server waits for the words of `now`."""
        return self.now is not None and self.talk is None

    @property
    def takes_one_behind(self) -> bool:
        """Whether the next letter's reader may be named already."""
        may_go_on = self.pipelines and not self.is_leaving and self.behind is None
        return may_go_on and (self.is_giving or self.is_ready)

    @property
    def socket(self) -> socket.socket:
        assert self.backend.connection is not None
        assert self.backend.connection.sock is not None
        return self.backend.connection.sock

    def close(self) -> None:
        """Leave without waiting."""
        server, self.backend.connection = self.backend.connection, None
        self.heard.clear()
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.close()

    def announce(self, handing: Handing) -> None:
        """Name the reader of a letter, now or behind the one that is busy; none of its words leave."""
        if self.now is None:
            self.now = handing
            self.talk = self._ask(handing.recipients[0], is_behind=False)
            self._go_on()
            return
        self.behind = handing
        if self.is_giving:
            with suppress(OSError):  # which shows with the answer that is waited for
                self._send(self._envelope(handing.recipients[0]))

    def start(self) -> None:
        """Let the words of `now` leave; the server waits for them."""
        assert self.now is not None
        assert isinstance(self.now.words, bytes)
        self.talk = self._give(quote_dots(self.now.words))
        self._go_on()

    def hear(self) -> None:
        """Take what has come and go on."""
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            return self._go_on(error)
        self.heard += data
        if self.talk is None or not data:  # nothing was asked: the server is closing this connection
            return self._go_on(HungUp("the connection was closed"))
        return self._go_on()

    def give_up(self) -> None:
        """The server has been silent for too long."""
        self._go_on(TimeoutError("no answer in time"))

    def retract(self) -> None:
        """Forget letters none of whose words have left. A server that was told of one is told by hanging up."""
        if not self.is_giving:
            if self.now:
                self.close()
            self.now = self.behind = self.talk = None
        elif self.behind:
            self.behind = None
            self.is_leaving = True

    def _go_on(self, trouble: Exception | None = None) -> None:
        if self.talk is None:
            self.close()
            self._be_through_with(SAID_AGAIN)
        while self.talk is not None:
            try:
                patience = self.talk.throw(trouble) if trouble else next(self.talk)
            except StopIteration as end:
                self.talk = trouble = None
                if end.value:
                    self._be_through_with(end.value)
            except Exception as error:  # none that we know of; the letter must be settled, the connection is spent
                self.close()
                self._be_through_with(Outcome(Verdict.UNKNOWN, f"an error while handing it over: {describe(error)}"))
            else:
                self.deadline = time.monotonic() + patience
                return
        self.deadline = math.inf

    def _be_through_with(self, outcome: Outcome) -> None:
        """Settle `now`, and turn to the letter behind it."""
        if self.now is None:
            return
        if outcome is not SAID_AGAIN:
            self.now.all_are(outcome)
        self.done.append(self.now)
        self.now, self.behind, self.talk, self.is_giving = self.behind, None, None, False
        if self.is_leaving:
            self.close()
        if self.now and self.is_open:
            self.talk = self._ask(self.now.recipients[0], is_behind=True)
        elif self.now:
            self.done.append(self.now)
            self.now = None

    def _envelope(self, to: str) -> bytes:
        return b"".join(line for _, line, _ in self._commands(to))

    def _commands(self, to: str) -> tuple[tuple[str, bytes, tuple[int, ...]], ...]:
        return (
            ("MAIL", b"MAIL FROM:<%s>%s\r\n" % (self.sender.encode(), self.body), (250,)),
            ("RCPT", b"RCPT TO:<%s>\r\n" % to.encode(), (250, 251)),
            ("DATA", b"DATA\r\n", (354,)),
        )

    def _send(self, data: bytes) -> None:
        self.sent, whole = 0, memoryview(data)
        while self.sent < len(whole):
            self.sent += self.socket.send(whole[self.sent : self.sent + RECORD])

    def _ask(self, to: str, *, is_behind: bool) -> Talk:
        """Name a reader, until the server wants the letter, or has an objection and is ready for another.

        What was said behind a letter and not clearly answered is no reason to stop: it is asked again by itself.
        """
        self._begin_asking()
        try:
            code = yield from self._name(to, is_said=is_behind)
            if self.objection and self.is_open:
                yield from self._clear(code)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if is_behind and isinstance(error, TimeoutError):
                self.hears_behind = self.was_heard
            why = f"the mail server hung up before it had the letter: {describe(error)}"
            self.objection = self.objection or Outcome(Verdict.DOWN, why)
        if is_behind and self.was_heard:
            self.hears_behind = True
        is_stale = not self.is_open and not self.was_heard and self.carried > 0
        if self.objection and self.objection.verdict is Verdict.DOWN and (is_behind or is_stale):
            return SAID_AGAIN
        return self.objection

    def _begin_asking(self) -> None:
        """What is known of one letter before anything is said."""
        self.objection = None
        self.was_heard = self.has_reader = False

    def _name(self, to: str, *, is_said: bool) -> Generator[float, None, int]:
        """The three commands and their answers. The code of the last."""
        code = 0
        if self.pipelines and not is_said:
            self._send(self._envelope(to))
        for command, line, wanted in self._commands(to):
            if not self.pipelines:
                if self.objection:
                    break
                self._send(line)
            code, reply = yield from self._answer(settings.EMAIL_TIMEOUT)
            if self.objection is None and code not in wanted:
                self.objection = judge_objection(command, code, reply)
            if code == SERVICE_CLOSING:
                self.close()
                break
            self.was_heard = True
            self.has_reader = self.has_reader or (command == "RCPT" and code in wanted)
        return code

    def _clear(self, code: int) -> Generator[float, None, None]:
        """Have the server forget a letter that it, or its reader's mailbox, did not want."""
        if code == 354 and self.has_reader:  # a dot would be an empty letter to somebody
            self.close()
            return
        if code == 354:  # it waits for a letter to nobody, which RFC 2920 (3.1) has us end with a dot
            self._send(b".\r\n")
            yield from self._answer(settings.EMAIL_TIMEOUT)
        self._send(b"RSET\r\n")
        yield from self._answer(settings.EMAIL_TIMEOUT)

    def _give(self, message: bytes) -> Talk:
        """Send a letter's words, and behind them the next letter's reader."""
        self.is_giving, has_left = True, False
        try:
            self._send(message + (self._envelope(self.behind.recipients[0]) if self.behind else b""))
            has_left = True
            code, reply = yield from self._answer(settings.EMAIL_FINAL_TIMEOUT)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if has_left or self.sent >= len(message):
                return Outcome(Verdict.UNKNOWN, f"no answer after the letter had been sent: {describe(error)}")
            return Outcome(Verdict.DOWN, f"the mail server hung up before it had the letter: {describe(error)}")
        self.carried += 1
        if code == SERVICE_CLOSING:
            self.close()
        return ACCEPTED if code == 250 else judge_objection("the letter", code, reply)

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
