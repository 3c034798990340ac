"""A mail service that takes every letter, counts, and answers late: HTTP in one process, one event loop.

It speaks as much of Postmark's API as django-anymail needs. `GET /` tells in JSON what came since the last `DELETE /`.
"""

import asyncio
import json
import sys

from tests.bench.sink import Tally


class Conversation(asyncio.Protocol):
    """One client, which keeps its connection and waits for each answer."""

    tally = Tally()
    open = 0
    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.unread = bytearray()
        Conversation.open += 1
        Conversation.tally.connections = max(Conversation.tally.connections, Conversation.open)

    def connection_lost(self, error: Exception | None) -> None:
        Conversation.open -= 1

    def data_received(self, data: bytes) -> None:
        self.unread += data
        head, gap, _ = self.unread.partition(b"\r\n\r\n")
        if not gap:
            return
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")),
            0,
        )
        whole = len(head) + 4 + length
        if len(self.unread) >= whole:
            body = bytes(self.unread[len(head) + 4 : whole])
            del self.unread[:whole]
            self.obey(head[:4].strip(), body)

    def obey(self, verb: bytes, body: bytes) -> None:
        if verb == b"POST":
            letter = json.loads(body)
            way_out = next((each["Value"] for each in letter["Headers"] if each["Name"] == "List-Unsubscribe"), "")
            self.tally.take_parts(letter["To"].encode(), len(body), flawed=not way_out.startswith("<http"))
            answer = {"ErrorCode": 0, "Message": "OK", "MessageID": f"id-{letter['To']}", "To": letter["To"]}
            asyncio.get_running_loop().call_later(self.delay, self.say, json.dumps(answer).encode())
            return
        self.say(Conversation.tally.told())
        if verb == b"DELE":
            Conversation.tally = Tally()

    def say(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)


async def serve(port: int, delay: float) -> None:
    """Take letters for ever."""
    Conversation.delay = delay
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", port, backlog=128)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
