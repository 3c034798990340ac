"""The benchmarks still run, check what they measure, and leave nothing behind."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import psutil
import pytest

from tests.bench.arguments import PARTS
from tests.bench.behind_nginx import is_there
from tests.bench.letters import WAYS
from tests.bench.sink import Tally
from tests.bench.visitors import Plan, WrongAnswer, visit
from tests.processes import ROOT

KINDS = {
    *(f"{name}, {clients} clients" for clients in (2, 4) for name in ("bare INSERT", "signs")),
    "signs while counted, 4 clients",
    "confirms, 4 clients",
    *(f"{name}, 4 clients" for name in ("hello", "petition pages", "count.json")),
    *(f"nginx: {name}, 4 clients" for name in ("file page", "page", "file count", "count") if is_there()),
    *(way.name for way in WAYS),
    "Django's SMTP backend",
    "smtplib, prebuilt bytes",
}


def left_behind(folder):
    """Processes that were started for a benchmark in this folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("DATA_DIR", "").startswith(str(folder)):
                found.append(process.name())
    return found


@pytest.mark.scale
def test_every_benchmark_runs_and_leaves_no_process_and_only_its_figures(settings):
    folder = settings.DATA_DIR / "bench"
    sizes = ["--rounds", "1", "--seconds", "0.3", "--clients", "2", "4", "--readers", "60", "--million", "3000"]
    sizes += ["--places", "20", "--only", *PARTS, "week"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *sizes],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads((folder / "bench.json").read_text())
    assert set(told["figures"]) == KINDS
    assert all(figure["per_second"]["median"] > 0 for figure in told["figures"].values())
    assert told["machine"]["fsync"] == "on"
    assert told["week"]["registrations"] == 20
    assert [path.name for path in folder.iterdir()] == ["bench.json"]
    assert left_behind(folder) == []


@contextmanager
def saying(answer):
    """A web server that gives every request the same answer; its port."""

    class Parrot(socketserver.StreamRequestHandler):
        def handle(self):
            with suppress(ConnectionError):
                for line in self.rfile:
                    if line == b"\r\n":
                        self.wfile.write(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Parrot) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server.server_address[1]
        server.shutdown()


def plan(port, status=200, expected=("thanks",)):
    return Plan(port, "GET / HTTP/1.1\r\n\r\n", status, expected, clients=2, seconds=0.05)


def test_visitors_count_whole_and_right_answers():
    with saying(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nthanks") as port:
        visits = visit(plan(port))
    assert visits.answers > 2
    assert 0 < visits.p50 <= visits.p99


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Sorry\r\nContent-Length: 6\r\n\r\nthanks",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsorry",
        b"HTTP/1.1 200 OK\r\n\r\nthanks",
    ],
    ids=["wrong status", "wrong words", "no length"],
)
def test_a_wrong_answer_ends_the_measurement(answer):
    with saying(answer) as port, pytest.raises(WrongAnswer):
        visit(plan(port))


def test_the_sink_tells_twice_and_flawed_letters():
    tally = Tally()
    whole = b"To: ada@example.org\r\nList-Unsubscribe: <http://example.org/>\r\n\r\nNews\r\n.\r\n"
    tally.take(b"ada@example.org", whole)
    tally.take(b"ada@example.org", whole)
    tally.take(b"bob@example.org", whole)
    told = json.loads(tally.told())
    assert (told["letters"], told["recipients"], told["most"], told["flawed"]) == (3, 2, 2, 1)
