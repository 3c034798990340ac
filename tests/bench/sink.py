"""A mail server that takes every letter and counts: one process, one epoll loop, just enough SMTP for speed.

It offers PIPELINING, and it may be told to answer late, as a server far away does: every group of answers leaves so
many milliseconds after what it answers came. It knows two commands of its own: COUNT tells in one line of JSON what
came since the last FORGET. A letter is looked at before it is taken: it must name its recipient and carry the way out
of the list.
"""

import heapq
import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What came. `flawed` letters lack their recipient's address or their way out."""

    by_recipient: Counter[bytes] = field(default_factory=Counter)
    flawed: int = 0
    size: int = 0
    last_at: float = 0.0
    connections: int = 0  # that were open at the same time, at most

    def take(self, recipient: bytes, letter: bytes) -> None:
        is_whole = b"To: " + recipient in letter and b"List-Unsubscribe: <http" in letter
        self.take_parts(recipient, len(letter), flawed=not is_whole)

    def take_parts(self, recipient: bytes, size: int, *, flawed: bool) -> None:
        self.last_at = time.time()
        self.by_recipient[recipient] += 1
        self.size += size
        self.flawed += flawed

    def told(self) -> bytes:
        figures = {
            "letters": self.by_recipient.total(),
            "recipients": len(self.by_recipient),
            "most": max(self.by_recipient.values(), default=0),
            "flawed": self.flawed,
            "size": self.size,
            "last_at": self.last_at,
            "connections": self.connections,
        }
        return json.dumps(figures).encode()


class Conversation:
    """One client."""

    tally = Tally()
    ANSWERS = {b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME", b"DATA": b"354 go on", b"QUIT": b"221 bye"}

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.unread = bytearray()
        self.recipient = b""
        self.is_letter = False
        self.answers: list[bytes] = []

    def hear(self) -> bool:
        """Take what has come; `answers` is what it is worth. False when the client has gone."""
        data = self.connection.recv(1_048_576)
        self.unread += data
        while self.unread:
            end = self.unread.find(b"\r\n.\r\n" if self.is_letter else b"\r\n")
            if end < 0:
                break
            if self.is_letter:
                Conversation.tally.take(self.recipient, bytes(self.unread[: end + 2]))
                del self.unread[: end + 5]
                self.is_letter = False
                self.answers.append(b"250 taken")
            else:
                line = bytes(self.unread[:end])
                del self.unread[: end + 2]
                self.obey(line)
        return bool(data)

    def obey(self, line: bytes) -> None:
        command = line[:4].upper()
        if command == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0]
        elif command == b"DATA":
            self.is_letter = True
        elif command == b"FORG":
            Conversation.tally = Tally()
        told = Conversation.tally.told() if command == b"COUN" else self.ANSWERS.get(command, b"250 fine")
        self.answers.append(told)

    def say(self, words: bytes) -> None:
        self.connection.sendall(words)


class Sink:
    """All clients at once. Answers that must wait lie in a heap, the earliest on top."""

    def __init__(self, port: int, delay: float) -> None:
        self.delay = delay
        self.selector = selectors.DefaultSelector()
        self.door = socket.create_server(("127.0.0.1", port), backlog=128)
        self.selector.register(self.door, selectors.EVENT_READ)
        self.late: list[tuple[float, int, Conversation, bytes]] = []
        self.number = 0
        self.open = 0

    def serve(self) -> None:
        """Take letters for ever."""
        while True:
            patience = max(0, self.late[0][0] - time.monotonic()) if self.late else None
            for key, _ in self.selector.select(patience):
                if key.data is None:
                    self.welcome()
                elif not self.hears(key.data):
                    self.selector.unregister(key.fileobj)
                    key.data.connection.close()
                    self.open -= 1
            while self.late and self.late[0][0] <= time.monotonic():
                _, _, conversation, words = heapq.heappop(self.late)
                if conversation.connection.fileno() >= 0:
                    conversation.say(words)

    def welcome(self) -> None:
        connection, _ = self.door.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(connection, selectors.EVENT_READ, Conversation(connection))
        self.open += 1
        Conversation.tally.connections = max(Conversation.tally.connections, self.open)
        connection.sendall(b"220 sink\r\n")

    def hears(self, conversation: Conversation) -> bool:
        """Whether the client is still there."""
        try:
            is_there = conversation.hear()
            if conversation.answers:
                words = b"\r\n".join([*conversation.answers, b""])
                conversation.answers.clear()
                if self.delay:
                    self.number += 1
                    heapq.heappush(self.late, (time.monotonic() + self.delay, self.number, conversation, words))
                else:
                    conversation.say(words)
            return is_there
        except ConnectionError:
            return False


if __name__ == "__main__":
    Sink(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0).serve()
