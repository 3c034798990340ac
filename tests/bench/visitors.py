"""Visitors: each sends its next request when the answer to the last has come, whole and right (a closed loop).

One process with an epoll loop over raw sockets, so that the load costs little beside what is measured; what share of a
core it took is told with the figures. A plan comes as JSON on the command line, the figures leave as JSON.
"""

import json
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

NUMBER = "00000000"  # in a request: where its own number goes
PATIENCE = 30  # seconds that all visitors together may go without an answer


class WrongAnswer(Exception):
    """An answer that is not the one that the plan expects."""


@dataclass(frozen=True)
class Plan:
    """What visitors ask for, and what every answer must be. `first` is the number of the first request.

    `values` is a file with a word a line, each to be used once in the place of the number; `pause` is how many seconds
    a visitor rests after an answer.
    """

    port: int
    request: str
    status: int
    expected: tuple[str, ...]
    clients: int
    seconds: float
    first: int = 1
    pause: float = 0.0
    values: str = ""


@dataclass(frozen=True)
class Visits:
    """How it went: times in milliseconds; `load` is the visitors' own, as a share of one core.

    `work` is added by who knows the server: milliseconds that its processes computed for one answer.
    """

    answers: int
    rate: float
    p50: float
    p99: float
    load: float
    work: float = 0.0


class Visitor:
    """One connection, kept open for as long as the server likes."""

    def __init__(self, plan: Plan, selector: selectors.BaseSelector) -> None:
        self.selector = selector
        self.port = plan.port
        self.connection: socket.socket | None = None
        self.answer = b""
        self.asked_at = 0.0

    def ask(self, request: bytes) -> None:
        """Send a request."""
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(self.connection, selectors.EVENT_READ, self)
        self.answer = b""
        self.asked_at = time.perf_counter()
        self.connection.sendall(request)

    def hear(self) -> bytes | None:
        """The answer, once it has come whole. Raises WrongAnswer where the server hangs up before that."""
        assert self.connection is not None
        data = self.connection.recv(262_144)
        if not data:
            raise WrongAnswer(f"the server hung up after {self.answer[:200]!r}")
        self.answer += data
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found or len(body) < content_length(head):
            return None
        if b"connection: close" in head.lower():
            self.leave()
        return self.answer

    def leave(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.selector.unregister(self.connection)
            self.connection.close()
            self.connection = None


def content_length(head: bytes) -> int:
    """How long the body is. Raises WrongAnswer where the server does not say."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise WrongAnswer(f"no Content-Length in {head[:300]!r}")


def visit(plan: Plan) -> Visits:
    """Let the visitors ask for `plan.seconds`; whoever has asked by then gets their answer. Raises WrongAnswer."""
    begins = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        visitors = [Visitor(plan, selector) for _ in range(plan.clients)]
        try:
            times = ask_and_hear(plan, visitors, selector, ends=begins + plan.seconds)
        finally:
            for visitor in visitors:
                visitor.leave()
    seconds = time.perf_counter() - begins
    times.sort()
    return Visits(
        answers=len(times),
        rate=len(times) / seconds,
        p50=times[len(times) // 2] * 1000,
        p99=times[len(times) * 99 // 100] * 1000,
        load=time.process_time() / seconds,
    )


def ask_and_hear(
    plan: Plan, visitors: Sequence[Visitor], selector: selectors.BaseSelector, *, ends: float
) -> list[float]:
    """Seconds from each request to its whole answer. Raises WrongAnswer."""
    requests = requests_of(plan)
    times: list[float] = []
    asking, waiting = list(visitors), 0
    resting: deque[tuple[float, Visitor]] = deque()  # until when, the first first
    while asking or waiting or resting:
        for visitor, request in zip(asking, requests, strict=False):
            visitor.ask(request)
            waiting += 1
        asking = []
        while resting and resting[0][0] <= time.perf_counter():
            asking.append(resting.popleft()[1])
        if asking or not (waiting or resting):
            continue
        ready = selector.select(max(0.0, resting[0][0] - time.perf_counter()) if resting else PATIENCE)
        if not ready and not resting:
            raise WrongAnswer(f"no answer within {PATIENCE} s")
        for key, _ in ready:
            visitor = key.data
            answer = visitor.hear()
            if answer is None:
                continue
            check(answer, plan)
            now = time.perf_counter()
            times.append(now - visitor.asked_at)
            waiting -= 1
            if now < ends and plan.pause:
                resting.append((now + plan.pause, visitor))
            elif now < ends:
                asking.append(visitor)
    return times


def requests_of(plan: Plan) -> Iterator[bytes]:
    """What is asked for, one request after the other; without end, but for values that are used up."""
    before, _, after = plan.request.encode().partition(NUMBER.encode())
    if plan.values:
        yield from (before + word + after for word in Path(plan.values).read_bytes().split())
    else:
        yield from (b"%s%08d%s" % (before, number, after) if after else before for number in count(plan.first))


def check(answer: bytes, plan: Plan) -> None:
    """Raises WrongAnswer where the status or any of the expected words is missing."""
    is_right = answer.startswith(f"HTTP/1.1 {plan.status} ".encode())
    if not is_right or not all(words.encode() in answer for words in plan.expected):
        raise WrongAnswer(f"expected {plan.status} with {plan.expected}, got {answer[:600]!r}")


def main() -> None:
    """One plan, from the command line to the output."""
    plan = json.loads(sys.argv[1])
    print(json.dumps(asdict(visit(Plan(**{**plan, "expected": tuple(plan["expected"])})))))


if __name__ == "__main__":
    main()
