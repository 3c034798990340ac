"""The real thing: the whole program from an empty folder, stopped, and started again on the same data."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from csan.embedded import free_port

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [pytest.mark.scale, pytest.mark.xdist_group("a local run")]  # one at a time: they are timed


class LocalRun:
    """`python -m csan.local`, up and answering."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.folder = folder
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "csan.local"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Staff"):
                break
        self.seconds = time.monotonic() - begun

    def all_processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in " ".join(child.cmdline()))

    def stop(self) -> float:
        """TERM; the seconds until the end."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.read_to_end()
        return time.monotonic() - begun

    def read_to_end(self) -> None:
        assert self.process.stdout is not None
        alarm = threading.Timer(20, self.process.kill)  # communicate() would lose what is already in the buffer
        alarm.start()
        self.said += self.process.stdout.read()
        self.process.wait()
        alarm.cancel()

    def manage(self, code: str) -> str:
        """What a command beside the running program prints; it knows nothing but where the data lies."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(self.folder)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (self.said, done.stderr)
        return done.stdout.strip()


def still_there(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still live. One that has ended and waits for the machine's first process to say so does not."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


COUNT = "from members.models import Person; print(Person.objects.filter(email='kept@example.org').count())"
KEEP = "from members.models import Person; Person.objects.create(email='kept@example.org')"


@dataclass(frozen=True)
class FirstRun:
    """What there was to see of a run that began in an empty folder and was stopped."""

    run: LocalRun
    home: tuple[int, str | None]
    login: str
    left_behind: list[psutil.Process]
    took_to_stop: float


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[FirstRun]:
    """It made the database, which takes half of a minute; the other runs begin with copies of what it left."""
    run = LocalRun(tmp_path_factory.mktemp("first") / "data", free_port())
    try:
        with urlopen(f"{run.address}/") as answer:
            home = answer.status, answer.headers.get("Set-Cookie")
        login = (run.folder / "staff.txt").read_text()
        assert run.manage(KEEP) == ""
        processes = run.all_processes()
        took = run.stop()
        yield FirstRun(run, home, login, still_there(processes), took)
    finally:
        end(run)


@pytest.fixture
def run(first, tmp_path) -> Iterator[Callable[[], LocalRun]]:
    """Start the program in this test's copy of that folder; whatever happens, nothing of it is left at the end."""
    port = free_port()
    runs: list[LocalRun] = []
    # The database's files belong to another account where the tests run as root.
    subprocess.run(["cp", "-a", first.run.folder, tmp_path / "data"], check=True)

    def start() -> LocalRun:
        runs.append(LocalRun(tmp_path / "data", port))
        return runs[-1]

    yield start
    for found in runs:
        end(found)


def end(run: LocalRun) -> None:
    """However far it came."""
    with suppress(psutil.Error):
        for process in run.all_processes():
            process.kill()
    run.process.kill()
    run.process.communicate()


def test_the_program_starts_stops_and_keeps_its_data(first, run):
    assert f"Ready: {first.run.address}/\n" in first.run.said
    assert first.home == (200, None)
    assert re.fullmatch(r"staff@example\.org\n\S{16}\n", first.login)
    assert first.took_to_stop < 15
    assert first.run.process.returncode == 0
    assert first.left_behind == []

    second = run()
    assert second.seconds < 30
    assert (second.folder / "staff.txt").read_text() == first.login
    assert second.manage(COUNT) == "1"
    second.stop()


def test_killed_without_warning_it_starts_again_with_its_data(run):
    first = run()
    first.manage(
        "from members.models import Person; Person.objects.create(email='late@example.org', email_key='late')"
    )
    for process in [psutil.Process(first.process.pid), *first.all_processes()]:
        with suppress(psutil.Error):
            process.kill()
    first.read_to_end()
    second = run()
    assert second.manage(COUNT.replace("kept@", "late@")) == "1"
    second.stop()


def test_when_the_worker_dies_everything_stops(run):
    program = run()
    processes = program.all_processes()
    program.child("--queues").kill()
    program.read_to_end()
    assert program.process.returncode == 1
    assert "worker was ended by SIGKILL, so everything was stopped." in program.said
    assert still_there(processes) == []


def test_a_redis_that_dies_comes_back_and_pages_answer_all_the_time(run):
    program = run()
    program.child("redis-server").kill()
    statuses = []
    for _ in range(20):
        with urlopen(f"{program.address}/petitions/save-call-center-jobs/") as answer:
            statuses.append(answer.status)
        time.sleep(0.1)
    assert statuses == [http.client.OK] * 20
    assert program.child("redis-server").is_running()
    program.stop()
    assert "Redis ended; it is started again\n" in program.said
