"""Mail servers for tests, real ones on a socket: one that takes everything, and ones that misbehave to order.

Each runs in a process of its own, so that it survives whatever is killed around it, and writes a line for each
letter it accepted to a file, flushed before its answer leaves: what it said yes to is what stands there.
"""

import contextlib
import socketserver
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.listening import listening, taken


@dataclass(frozen=True)
class Behaviour:
    """How the server answers. Codes by recipient; `delay` seconds before the final answer.

    `silent_after` and `hang_up_after` name the command after which it says nothing more, or closes the connection:
    EHLO, MAIL, RCPT, DATA or DOT (the letter has been taken whole; with DOT it counts as accepted).
    `letters_a_connection`: after so many it says 421 to the next and closes. `takes_letters_for_nobody`: DATA is
    answered with 354 even where the recipient was refused, as RFC 2920 (3.1) lets it; whoever then sends more than
    the dot has it noted as taken for `nobody`. `is_answered_with_the_next`: this recipient's letter is answered only
    once the next one's reader was named. `loses_what_follows`: it never hears what came together with the dot.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    answer_to_letter: dict[str, str] = field(default_factory=dict)
    sender_answer: str = "250 fine"
    delay: float = 0.0
    hang_up_after: str = ""
    silent_after: str = ""
    only_for: str = ""
    pipelines: bool = False
    letters_a_connection: int = 0
    takes_letters_for_nobody: bool = False
    is_answered_with_the_next: str = ""
    loses_what_follows: bool = False


class Conversation(socketserver.StreamRequestHandler):
    """One SMTP connection; only as much of RFC 5321 as Python's smtplib speaks."""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def misbehaves(self, command: str, recipient: str) -> bool:
        behaviour: Behaviour = self.server.behaviour
        if behaviour.only_for and behaviour.only_for != recipient:
            return False
        if behaviour.silent_after == command:
            time.sleep(60)
            return True
        return behaviour.hang_up_after == command

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            self.say("220 test")
            self.converse()

    def lines(self) -> Iterator[bytes]:
        self.read_ahead: list[bytes] = []
        while raw := self.read_ahead.pop(0) if self.read_ahead else self.rfile.readline():
            yield raw

    def converse(self) -> None:
        behaviour: Behaviour = self.server.behaviour
        recipient, is_refused, letters = "", False, 0
        for raw in self.lines():
            line = raw.decode().strip()
            command = line[:4].upper()
            if command == "EHLO":
                if self.misbehaves("EHLO", ""):
                    return
                self.say("250-test\r\n" + ("250-PIPELINING\r\n" if behaviour.pipelines else "") + "250 8BITMIME")
            elif command == "MAIL":
                if self.misbehaves("MAIL", ""):
                    return
                if behaviour.letters_a_connection and letters == behaviour.letters_a_connection:
                    self.say("421 that was enough")
                    return
                self.say(behaviour.sender_answer)
            elif command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                if self.misbehaves("RCPT", recipient):
                    return
                answer = behaviour.refuse.get(recipient, "250 fine")
                is_refused = not answer.startswith("25")
                self.say(answer)
            elif command == "DATA":
                if is_refused and not behaviour.takes_letters_for_nobody:
                    self.say("503 for whom?")
                    continue
                self.say("354 go on")
                letters += 1
                if self.misbehaves("DATA", recipient):
                    return
                if not self.take_letter(behaviour, "nobody" if is_refused else recipient):
                    return
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take_letter(self, behaviour: Behaviour, recipient: str) -> bool:
        message_id, is_empty = "", True
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            is_empty = False
            if raw.lower().startswith(b"message-id:"):
                message_id = raw.decode().partition(":")[2].strip()
        else:
            return False  # the client went away before the dot: not accepted
        answer = behaviour.answer_to_letter.get(recipient, "250 taken")
        if recipient == "nobody" and is_empty:
            answer = "554 no valid recipients"
        if behaviour.loses_what_follows:
            self.lose_what_follows()
        if behaviour.is_answered_with_the_next == recipient:
            self.read_ahead = [self.rfile.readline() for _ in ("MAIL", "RCPT", "DATA")]
        if answer.startswith("250"):
            self.server.log.write(f"{recipient} {message_id}\n")
            self.server.log.flush()
        if behaviour.delay:
            time.sleep(behaviour.delay)
        if self.misbehaves("DOT", recipient):
            return False
        self.say(answer)
        return True

    def lose_what_follows(self) -> None:
        self.connection.settimeout(0.05)
        with contextlib.suppress(TimeoutError):
            self.rfile.peek()
        self.connection.settimeout(None)
        self.rfile = self.connection.makefile("rb")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def _serve(port: int, log: str, behaviour: Behaviour) -> None:
    with Server(("127.0.0.1", port), Conversation) as server, Path(log).open("a") as lines:
        server.behaviour, server.log = behaviour, lines
        server.serve_forever(poll_interval=0.05)


@dataclass
class MailServer:
    """A running server: its port, and what it has accepted."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def accepted(self) -> Counter[str]:
        """How many letters each address got."""
        return taken(self.log)

    def message_ids(self) -> list[str]:
        return [line.split()[1] for line in self.log.read_text().splitlines()]


@contextlib.contextmanager
def running(folder: Path, behaviour: Behaviour | None = None, port: int = 0) -> Iterator[MailServer]:
    """A mail server for the length of a with block."""
    with listening(folder, _serve, behaviour or Behaviour(), port) as (port, log):
        yield MailServer(port, log)
