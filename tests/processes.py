"""Real worker processes on the test's own database and Redis, to be killed for real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SEND = "import django; django.setup(); from members import outbox; outbox.send_waiting(30)"


def environment(**changes: str) -> dict[str, str]:
    """What a process must know to work on the database of the test at hand."""
    values = connection.settings_dict
    host = values["OPTIONS"].get("host") or values["HOST"] or "127.0.0.1"
    user = f"{quote(values['USER'])}:{quote(values['PASSWORD'])}" if values["PASSWORD"] else quote(values["USER"])
    port = f"&port={values['PORT']}" if values["PORT"] else ""
    url = f"postgres://{user}@/{values['NAME']}?host={quote(host, safe='')}{port}"
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "csan.settings", "DATABASE_URL": url, **changes}


def sender(**changes: str) -> subprocess.Popen[bytes]:
    """A process that sends what is due, as a task of a worker would."""
    return subprocess.Popen([sys.executable, "-c", SEND], cwd=ROOT, env=environment(**changes))


class Worker:
    """A Celery worker in a process group of its own, and beat beside it."""

    def __init__(self, folder: Path, *, queues: str = "mail,default", processes: int = 2, **changes: str) -> None:
        self.command = [sys.executable, "-m", "celery", "-A", "csan", "worker", "-Q", queues, "-c", str(processes)]
        self.command += ["--without-mingle", "--without-gossip", "-l", "WARNING"]
        self.changes = changes
        self.log = folder / "worker.log"
        self.beat = self._run([sys.executable, "-m", "celery", "-A", "csan", "beat", "-s", str(folder / "schedule")])
        self.start()

    def start(self) -> None:
        self.process = self._run(self.command)

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment(**self.changes), stdout=log, stderr=log, start_new_session=True
            )

    def children(self) -> list[int]:
        """The processes of its pool."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def kill_a_child(self, number: int) -> None:
        """kill -9 one process of the pool; Celery puts another in its place."""
        if children := self.children():
            with suppress(ProcessLookupError):
                os.kill(children[number % len(children)], signal.SIGKILL)

    def kill(self) -> None:
        """kill -9 the whole worker; beat goes on."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """The end of the test."""
        self.kill()
        self.beat.kill()
        self.beat.wait()


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Look five times a second; fail with `what` was waited for."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.2)
