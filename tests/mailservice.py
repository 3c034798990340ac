"""A mail service for tests: a real HTTP server in a process of its own that speaks as much of Postmark's API as
django-anymail needs. It writes a line for each letter it took, flushed before its answer leaves.
"""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.listening import listening, taken

INACTIVE = "Inactive recipients are ones that have generated a hard bounce or a spam complaint."


@dataclass(frozen=True)
class Service:
    """How it answers: after `delay` seconds; by recipient another status, or silence once the letter was taken."""

    delay: float = 0.0
    status_for: dict[str, int] = field(default_factory=dict)
    silent_for: str = ""
    status: int = 200


class Answers(BaseHTTPRequestHandler):
    """One HTTP connection, kept open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service: Service = self.server.service
        to = letter["To"]
        status = service.status_for.get(to, service.status)
        if status == 200:
            self.server.log.write(f"{to} {letter['Metadata']['letter']}\n")
            self.server.log.flush()
        time.sleep(60 if to == service.silent_for else service.delay)
        codes = {200: 0, 422: 406}  # 406 is what Postmark says of a mailbox that it will not write to any more
        said = f"You tried to send to a recipient that is inactive.\n Found inactive addresses: {to}.\n {INACTIVE}"
        answer = {
            "ErrorCode": codes.get(status, status),
            "Message": "OK" if status == 200 else said,
            "MessageID": f"id-{to}",
            "To": to,
        }
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the test's output is for the test."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _serve(port: int, log: str, service: Service) -> None:
    with Server(("127.0.0.1", port), Answers) as server, Path(log).open("a") as lines:
        server.service, server.log = service, lines
        server.serve_forever(poll_interval=0.05)


@dataclass
class MailService:
    """A running service: where it is, and what it took."""

    port: int
    log: Path

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def url(self) -> str:
        return f"anymail://postmark?SERVER_TOKEN=token&API_URL={self.api}"

    def accepted(self) -> Counter[str]:
        """How many letters each address got."""
        return taken(self.log)


@contextlib.contextmanager
def serving(folder: Path, service: Service | None = None) -> Iterator[MailService]:
    """A mail service for the length of a with block."""
    with listening(folder, _serve, service or Service()) as (port, log):
        yield MailService(port, log)
