"""A mail server that takes every letter and counts: one process, one epoll loop, just enough SMTP for speed.

It speaks only what a client that waits for each answer needs, and it knows two commands of its own: COUNT tells in one
line of JSON what came since the last FORGET. A letter is looked at before it is taken: it must name its recipient and
carry the way out of the list.
"""

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

    def take(self, recipient: bytes, letter: bytes | bytearray) -> None:
        self.last_at = time.time()
        self.by_recipient[recipient] += 1
        self.size += len(letter)
        self.flawed += not (b"To: " + recipient in letter and b"List-Unsubscribe: <http" in letter)

    def told(self) -> bytes:
        figures = {
            "letters": self.by_recipient.total(),
            "recipients": len(self.by_recipient),
            "most": max(self.by_recipient.values(), default=0),
            "flawed": self.flawed,
            "size": self.size,
            "last_at": self.last_at,
        }
        return json.dumps(figures).encode()


class Conversation:
    """One client."""

    tally = Tally()

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.unread = bytearray()
        self.recipient = b""
        self.is_letter = False

    def hear(self) -> bool:
        """Take what has come. False when the client has gone."""
        data = self.connection.recv(1_048_576)
        if not data:
            return False
        self.unread += data
        if self.is_letter:
            if self.unread.endswith(b"\r\n.\r\n"):
                Conversation.tally.take(self.recipient, self.unread)
                self.is_letter = False
                self.say(b"250 taken")
        elif self.unread.endswith(b"\r\n"):
            self.obey(bytes(self.unread).rstrip())
        return True

    def obey(self, line: bytes) -> None:
        command = line[:4].upper()
        if command == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0]
        elif command == b"DATA":
            self.is_letter = True
        elif command == b"FORG":
            Conversation.tally = Tally()
        answers = {b"EHLO": b"250-sink\r\n250 8BITMIME", b"DATA": b"354 go on", b"QUIT": b"221 bye"}
        self.say(Conversation.tally.told() if command == b"COUN" else answers.get(command, b"250 fine"))

    def say(self, line: bytes) -> None:
        self.unread.clear()
        self.connection.sendall(line + b"\r\n")


def serve(port: int) -> None:
    """Take letters for ever."""
    with selectors.DefaultSelector() as selector, socket.create_server(("127.0.0.1", port), backlog=64) as door:
        selector.register(door, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    connection, _ = door.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ, Conversation(connection))
                    connection.sendall(b"220 sink\r\n")
                elif not hears(key.data):
                    selector.unregister(key.fileobj)
                    key.data.connection.close()


def hears(conversation: Conversation) -> bool:
    """Whether the client is still there."""
    try:
        return conversation.hear()
    except ConnectionError:
        return False


if __name__ == "__main__":
    serve(int(sys.argv[1]))
