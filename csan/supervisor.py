"""Runs a few processes beside each other: starts them, shows what they say, ends all of them when one ends.

No thread is used, so that a process can be tied to this one between fork and exec.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TICK = 0.1  # seconds between two looks at the processes
KEPT_LINES = 25  # of each process, to be shown when it fails
LONGEST_LINE = 4000  # bytes; a pipe takes this much at once or nothing
PATIENCE = 0.5  # seconds that the reader of our output is waited for
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork
FATAL = sum(1 << (number - 1) for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM))


class Stopped(Exception):
    """Somebody asked this process to stop."""


def tied_to_this_process(death_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: Linux sends `death_signal` to the new process when this one dies, even by SIGKILL.

    Where that does not exist, what a killed run left behind is found by the next start.
    """
    parent = os.getpid()

    def tie() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it died before the tie was made
            os._exit(1)

    return tie


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent dies."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))


class Make:
    """The `make` that started this process, if one did.

    Told to stop by a signal of its own, make waits for its recipe: it passes on TERM, but not INT. Its signal mask
    shows that it waits (Linux).
    """

    def __init__(self) -> None:
        name, self._caught = self._look()
        self._is_parent = name in ("make", "gmake")
        if self._is_parent:  # a killed make takes this process with it
            die_with_parent(signal.SIGTERM)

    @property
    def is_stopping(self) -> bool:
        return self._is_parent and self._caught & FATAL & ~self._look()[1] != 0

    def _look(self) -> tuple[str, int]:
        """The parent's name, and which signals it catches."""
        with suppress(OSError, IndexError, ValueError):
            lines = Path(f"/proc/{os.getppid()}/status").read_text().splitlines()
            fields = dict(line.split(":", 1) for line in lines)
            return fields["Name"].strip(), int(fields["SigCgt"], 16)
        return "", 0


@dataclass
class Child:
    """One process, and the last of what it said."""

    name: str
    process: subprocess.Popen[bytes]
    is_shown: bool = True
    said: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    unfinished: bytes = b""

    @property
    def outcome(self) -> str:
        code = self.process.returncode
        if code is None:
            return f"{self.name} is running"
        if code < 0:
            return f"{self.name} was ended by {signal.Signals(-code).name}"
        return f"{self.name} ended with status {code}"


class Supervisor:
    """Starts processes, each the leader of a group of its own, and ends them all."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stop_requested = False
        self.make: Make | None = None
        self._pipes = selectors.DefaultSelector()

    def listen(self) -> None:
        """From here on Ctrl-C, TERM, a closed terminal and a stopped make are requests to stop."""
        self.make = Make()
        signal.signal(signal.SIGINT, self._request_stop)
        signal.signal(signal.SIGTERM, self._request_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup` wants the run to outlive the terminal
            signal.signal(signal.SIGHUP, self._request_stop)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_requested = True

    def check(self) -> None:
        """Raises Stopped once somebody has asked for it."""
        if self.stop_requested or (self.make and self.make.is_stopping):
            raise Stopped

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, is_shown: bool = True
    ) -> Child:
        """Start a process; its lines are shown behind its name, or only kept."""
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_this_process(),
        )
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        child = Child(name, process, is_shown)
        self.children.append(child)
        self._pipes.register(process.stdout, selectors.EVENT_READ, child)
        return child

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Run a process to its end without showing what it says. Raises Stopped."""
        child = self.start(name, command, environment, is_shown=False)
        while child.process.poll() is None:
            self.check()
            self.pump()
        self._end_group(child)
        self._forget(child)
        return child

    def pump(self, seconds: float = TICK) -> None:
        """Wait a moment, and show what the processes said in it."""
        if not self._pipes.get_map():
            time.sleep(seconds)
            return
        for key, _ in self._pipes.select(seconds):
            self._read(key.data)

    def ended(self) -> Child | None:
        """A process that should be running and is not."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def watch(self, look: Callable[[], None] = lambda: None) -> Child:
        """Wait until a process ends; gives that one. `look` is called at each tick. Raises Stopped."""
        while True:
            self.check()
            if child := self.ended():
                return child
            look()
            self.pump()

    def stop(self, seconds: float = 8) -> None:
        """Ask every process to end; after `seconds`, end what is left of it and of what it started."""
        for child in self.children:
            with suppress(ProcessLookupError):
                child.process.terminate()
        patience = time.monotonic() + seconds
        while any(child.process.poll() is None for child in self.children) and time.monotonic() < patience:
            self.pump()
        for child in self.children:
            self._end_group(child)
        for child in list(self.children):
            child.process.wait()
            self._forget(child)

    def _end_group(self, child: Child) -> None:
        """A process may leave others behind when it ends; they are in its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)

    def _forget(self, child: Child) -> None:
        while self._read(child):
            pass
        if child.unfinished:
            self._show(child, child.unfinished)
            child.unfinished = b""
        assert child.process.stdout is not None
        if not child.process.stdout.closed:
            self._pipes.unregister(child.process.stdout)
            child.process.stdout.close()
        self.children.remove(child)

    def _read(self, child: Child) -> bool:
        """Take in what the process said; False when there is no more for now."""
        assert child.process.stdout is not None
        if child.process.stdout.closed:
            return False
        try:
            data = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:  # it has closed its output; its end is noticed by `ended`
            self._pipes.unregister(child.process.stdout)
            child.process.stdout.close()
            return False
        *lines, child.unfinished = (child.unfinished + data).split(b"\n")
        if len(child.unfinished) > LONGEST_LINE:
            lines.append(child.unfinished)
            child.unfinished = b""
        for line in lines:
            self._show(child, line)
        return True

    def _show(self, child: Child, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        if not text:
            return
        child.said.append(text)
        if child.is_shown:
            say(f"{child.name:<6} | {text}")


class Output:
    """Where lines are shown. A reader who sleeps must not stop the program: one wait, then lines are lost."""

    def __init__(self) -> None:
        self.patience = PATIENCE

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            descriptor = sys.stdout.fileno()
            self.patience = PATIENCE if is_writable(descriptor, self.patience) else 0
            if self.patience:
                os.write(descriptor, text.encode(errors="replace")[:LONGEST_LINE] + b"\n")


def is_writable(descriptor: int, seconds: float) -> bool:
    """Whether a line can be written to `descriptor` within so many seconds."""
    with selectors.PollSelector() as selector:
        selector.register(descriptor, selectors.EVENT_WRITE)
        return bool(selector.select(seconds))


say = Output().write
