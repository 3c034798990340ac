"""The supervisor, run for real: a script of its own with tiny processes, which are then killed or told to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "CSAN_TEST_MARK"

SCRIPT = """
import os, sys
from csan.supervisor import Stopped, Supervisor, say
supervisor = Supervisor()
supervisor.listen()
for name, code in zip(sys.argv[1::2], sys.argv[2::2]):
    supervisor.start(name, [sys.executable, "-u", "-c", code], os.environ)
say("up")
try:
    child = supervisor.watch()
    supervisor.stop(2)
    say(child.outcome + ": " + " / ".join(child.said))
    sys.exit(1)
except Stopped:
    supervisor.stop(2)
    say("stopped")
"""
SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"


def hear_signals() -> None:
    """A shell that starts us in the background has its children ignore some; those of a terminal hear all."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Run:
    """The script with the given processes; every process of it carries a mark in its environment."""

    def __init__(self, *command: str) -> None:
        self.mark = uuid4().hex
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=hear_signals,
        )

    def read_until(self, word: str) -> str:
        assert self.process.stdout is not None
        return next(line for line in self.process.stdout if word in line)

    def end(self) -> tuple[int, str]:
        """The exit status, and what was said since it was last read."""
        assert self.process.stdout is not None
        alarm = threading.Timer(15, self.process.kill)  # communicate() would lose what is already in the buffer
        alarm.start()
        output = self.process.stdout.read()
        self.process.wait()
        alarm.cancel()
        return self.process.returncode, output

    def alive(self) -> list[psutil.Process]:
        """Every process of the run that still lives, wherever it hangs in the tree."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found


@pytest.fixture
def supervise() -> Iterator[Callable[..., Run]]:
    """Start the script; at the end of the test nothing of it is left, whatever happened."""
    runs: list[Run] = []

    def start(**codes: str) -> Run:
        words = [word for pair in codes.items() for word in pair]
        runs.append(Run(sys.executable, "-c", SCRIPT, *words))
        runs[-1].read_until("up")
        return runs[-1]

    yield start
    for run in runs:
        clean_up(run)


def clean_up(run: Run) -> None:
    for process in run.alive():
        process.kill()
    run.process.wait(10)
    if run.process.stdout:
        run.process.stdout.close()


def wait_for(what: Callable[[], bool], seconds: float = 5) -> None:
    ends = time.monotonic() + seconds
    while not what() and time.monotonic() < ends:
        time.sleep(0.05)
    assert what()


def test_when_one_process_ends_all_stop_and_its_last_lines_are_shown(supervise):
    run = supervise(steady=SLEEP, brief="import sys; print('one'); print('two'); sys.exit(3)")
    status, output = run.end()
    assert status == 1
    assert "brief  | two\n" in output
    assert output.endswith("brief ended with status 3: one / two\n")
    assert run.alive() == []


def test_a_process_that_is_killed_is_named_with_the_signal(supervise):
    run = supervise(steady=SLEEP, victim="import os, time; print(os.getpid()); time.sleep(60)")
    os.kill(int(run.read_until("victim").split("|")[1]), signal.SIGKILL)
    status, output = run.end()
    assert status == 1
    assert "victim was ended by SIGKILL: " in output
    assert run.alive() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_stops_all_processes_and_what_they_started(supervise, number):
    run = supervise(one=SLEEP, family=PARENT)
    wait_for(lambda: len(run.alive()) == 4)
    run.process.send_signal(number)
    assert run.end() == (0, "stopped\n")
    assert run.alive() == []


def test_a_process_that_does_not_want_to_stop_is_killed(supervise):
    run = supervise(deaf=DEAF)
    run.read_until("deaf")
    begun = time.monotonic()
    run.process.terminate()
    assert run.end() == (0, "stopped\n")
    assert time.monotonic() - begun < 5
    assert run.alive() == []


def test_what_a_dead_process_had_started_is_ended_too(supervise):
    orphan = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    run = supervise(careless=orphan)
    status, _ = run.end()
    assert status == 1
    assert run.alive() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_supervisor_leaves_no_process_behind(supervise):
    run = supervise(one=SLEEP, two=SLEEP)
    wait_for(lambda: len(run.alive()) == 3)
    run.process.kill()
    wait_for(lambda: run.alive() == [])


@pytest.mark.skipif(sys.platform != "linux", reason="make's waiting can be seen on Linux only")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_that_only_make_gets_stops_everything(tmp_path, number):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"run:\n\t@PYTHONPATH={ROOT} exec {sys.executable} {script} one '{SLEEP}'\n")
    run = Run("make", "-f", str(makefile), "run")
    try:
        run.read_until("up")
        wait_for(lambda: len(run.alive()) == 3)
        run.process.send_signal(number)
        wait_for(lambda: run.alive() == [])
        assert run.process.wait(5) == -number
    finally:
        clean_up(run)


def test_a_reader_who_sleeps_does_not_stop_the_program(supervise):
    chatter = "import time\nfor number in range(20000): print('x' * 100)\nprint('over', flush=True); time.sleep(60)"
    run = supervise(chatter=chatter)
    time.sleep(1)  # nobody reads; the pipe is full by now
    run.process.terminate()
    run.process.wait(10)
    assert run.alive() == []


def test_lines_without_an_end_and_empty_ones_do_no_harm(supervise):
    code = "import sys; print(); sys.stdout.write('y' * 10000); sys.stdout.write('\\nlast without an end')"
    status, output = supervise(odd=code).end()
    assert status == 1
    assert "odd    | last without an end\n" in output
    assert max(len(line) for line in output.splitlines() if " / " not in line) <= 4096
