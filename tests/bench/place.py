"""The place of the measurements: the environment of what is measured, and its processes."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from csan.embedded import free_port
from csan.supervisor import Child, Supervisor
from tests.bench.visitors import Plan, Visits

ROOT = Path(__file__).resolve().parent.parent.parent
START_TIMEOUT = 60  # seconds


class Failed(Exception):
    """A measurement that counts for nothing: a wrong answer, a missing row, a process that ended."""


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """Settings as in production, but for TLS. Budgets are counted and wide: one machine plays all the visitors."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "csan.settings",
        "DATA_DIR": str(folder),
        "LOCAL": "false",
        "DEBUG": "false",
        "SECRET_KEY": "benchmarks only: not a secret, but as long as one",
        "HASH_KEY": "benchmarks only: not a secret either, and as long",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": "http://127.0.0.1",
        "TRUSTED_PROXY_COUNT": "0",
        "POSTAL_ADDRESS": "1 Example Street, Washington, DC 20001",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "BUDGET_FACTOR": "1000000",
        "MAIL_RATE": "0",
        "LOG_LEVEL": "WARNING",
        **changes,
    }


@dataclass(frozen=True)
class Web:
    """A web server at work."""

    port: int
    pid: int

    @property
    def computed(self) -> float:
        """Seconds of processor time that its processes have used."""
        master = psutil.Process(self.pid)
        times = [each.cpu_times() for each in [master, *master.children(recursive=True)]]
        return sum(each.user + each.system for each in times)


class Place:
    """Starts the processes of a benchmark, and ends them."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def run(self, name: str, command: list[str], **changes: str) -> dict[str, Any]:
        """Run a part to its end; what it says in its last line, which is JSON. Raises Failed, Stopped."""
        child = self.supervisor.run(name, [sys.executable, *command], {**os.environ, **changes})
        if child.process.returncode:
            raise self.failed(child)
        return dict(json.loads(child.said[-1]))

    def web(self, settings: str = "csan.settings") -> "Web":
        """A web server as `make run` and production start it."""
        port = free_port()
        command = ["-m", "gunicorn", "--config", "csan/gunicorn.py"]
        changes = {"HOST": "127.0.0.1", "PORT": str(port), "DJANGO_SETTINGS_MODULE": settings}
        child = self.start("web", command, **changes)
        self.wait_until(lambda: answers(port), START_TIMEOUT, "the web server to answer")
        return Web(port, child.process.pid)

    def visit(self, web: "Web", plan: Plan) -> Visits:
        """Let visitors follow a plan, in a process of their own. Raises Failed, Stopped."""
        before = web.computed
        visits = Visits(**self.run("visitors", ["-m", "tests.bench.visitors", json.dumps(asdict(plan))]))
        return replace(visits, work=(web.computed - before) / visits.answers * 1000)

    def start(self, name: str, command: list[str], **changes: str) -> Child:
        """A process that works until the end of the benchmarks."""
        return self.supervisor.start(name, [sys.executable, *command], {**os.environ, **changes}, is_shown=False)

    def wait_until(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        """Look twenty times a second. Raises Failed when it takes too long or a process ends, and Stopped."""
        ends = time.monotonic() + seconds
        while not condition():
            self.supervisor.check()
            if child := self.supervisor.ended():
                raise self.failed(child)
            if time.monotonic() > ends:
                raise Failed(f"waited {seconds:.0f} s for {what}")
            self.supervisor.pump(0.05)

    def failed(self, child: Child) -> Failed:
        """Why a process is to blame, in its own words."""
        self.supervisor.pump(0)
        return Failed("\n    ".join([child.outcome, *list(child.said)[-12:]]))


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
        return True
    return False
