"""`make run`: the whole program on one machine, from an empty folder to a site that answers.

Everything lies under `DATA_DIR`. What can be foreseen to go wrong ends the start with one sentence.
"""

import errno
import http.client
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from csan.embedded import CannotStart, Servers, start_servers
from csan.local_place import (
    MARK,
    ROOT,
    Place,
    check_port,
    check_room,
    end_left_behind,
    environment,
    read_place,
    take_folder,
    write_environment,
)
from csan.supervisor import Child, Stopped, Supervisor, say

HOME_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 6  # seconds; with the servers after it, all has ended within 15
TOLD_FAILURE = re.compile(r"(?:CommandError|django\.core\.exceptions\.ImproperlyConfigured): (.+)")


class Broken(Exception):
    """A part ended by itself; `lines` are the last it said."""

    def __init__(self, what: str, lines: list[str]) -> None:
        super().__init__(what)
        self.lines = lines


@dataclass
class LocalRun:
    """One run: its place, its servers and its processes."""

    place: Place
    supervisor: Supervisor
    servers: Servers = field(default_factory=Servers)

    def start(self) -> None:
        """Everything up to the line that says Ready. Raises CannotStart, Broken, Stopped."""
        end_left_behind(self.place.folder)
        check_room(self.place.folder)
        check_port(self.place)
        self.servers = start_servers(self.place.folder, wait=self.supervisor.check)
        settings = environment(self.place, self.servers)
        write_environment(self.place.folder, settings)
        everything = {**os.environ, **settings, MARK: str(self.place.folder), "PYTHONUNBUFFERED": "1"}
        self._prepare(everything)
        self._start_processes(everything)
        self._wait_for_home(settings["BASE_URL"])
        say(f"Ready: {self.place.address}/")
        say(f"Staff sign in at {self.place.address}/admin/ with the two lines of {self.place.folder / 'staff.txt'}")
        if settings["EMAIL_URL"].startswith("filemail:"):
            say(f"Letters can be read at {self.place.address}/mail/")

    def watch(self) -> None:
        """Go on until somebody asks to stop (Stopped) or a part ends by itself (Broken)."""
        raise _broken(self.supervisor.watch(self._look_at_servers))

    def stop(self) -> None:
        """End every process, then the servers."""
        self.supervisor.stop(STOP_TIMEOUT)
        self.servers.stop()

    def _prepare(self, settings: Mapping[str, str]) -> None:
        """Migrations, static files, sample content and the staff login, in one process."""
        say("Preparing the database and the static files")
        child = self.supervisor.run("prepare", [sys.executable, "manage.py", "prepare_local"], settings)
        if child.process.returncode:
            if told := TOLD_FAILURE.match(child.said[-1] if child.said else ""):
                raise CannotStart(told[1])
            raise _broken(child)

    def _start_processes(self, settings: Mapping[str, str]) -> None:
        settings = {"LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore:You're running the worker with", **settings}
        settings |= {"HOST": self.place.host, "PORT": str(self.place.port)}
        celery = [sys.executable, "-m", "celery", "--quiet", "--app", "csan"]
        calm = ["--loglevel", "WARNING"]
        worker = ["worker", "--queues", "mail,default", "--concurrency", "4", "--without-gossip", "--without-mingle"]
        web = [sys.executable, "-m", "gunicorn", "--config", "csan/gunicorn.py"]
        self.supervisor.start("web", web, settings)
        self.supervisor.start("worker", [*celery, *worker, *calm], settings)
        self.supervisor.start("beat", [*celery, "beat", *calm], settings)

    def _wait_for_home(self, base_url: str) -> None:
        """Until the home page answers. Raises CannotStart when it answers with an error, or not in time."""
        ends = time.monotonic() + HOME_TIMEOUT
        while (status := self._home_status(base_url)) is None:
            self.supervisor.check()
            if child := self.supervisor.ended():
                raise _broken(child)
            if time.monotonic() > ends:
                raise CannotStart(f"The home page has not answered within {HOME_TIMEOUT} s.")
            self.supervisor.pump()
        if status >= 400:
            self.supervisor.pump()
            raise CannotStart(f"The home page answers with status {status}; what the program said stands above.")

    def _home_status(self, base_url: str) -> int | None:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(urlsplit(self.place.address).netloc, timeout=10)
            try:
                connection.request("GET", "/", headers={"Host": urlsplit(base_url).netloc})
                return connection.getresponse().status
            finally:
                connection.close()
        return None

    def _look_at_servers(self) -> None:
        """Redis may be lost at any moment and comes back where it was; without PostgreSQL there is no going on."""
        redis, postgres = self.servers.redis, self.servers.postgres
        if postgres and postgres.process and postgres.process.poll() is not None:
            raise Broken("PostgreSQL ended", postgres.log.read_text(errors="replace").splitlines()[-15:])
        if redis and redis.process and redis.process.poll() is not None:
            say("Redis ended; it is started again")
            redis.start(wait=self.supervisor.check)


def _broken(child: Child) -> Broken:
    return Broken(child.outcome, list(child.said))


def go(run: LocalRun) -> int:
    """From start to stop; the exit status. Raises CannotStart."""
    try:
        run.start()
        run.watch()
    except Stopped:
        say("Stopping")
    except Broken as error:
        run.stop()
        last = "The last it said:" if error.lines else "It said nothing before."
        say(f"\n{error}, so everything was stopped. {last}")
        for line in error.lines:
            say(f"    {line}")
        return 1
    finally:
        run.stop()
    return 0


def main() -> int:
    """Run until told to stop. The exit status: 0 when told, 1 when something failed."""
    os.umask(0o077)  # letters and keys are nobody else's to read
    supervisor = Supervisor()
    supervisor.listen()
    try:
        place = read_place()
        os.chdir(ROOT)
        with take_folder(place.folder):
            return go(LocalRun(place, supervisor))
    except CannotStart as error:
        reason = str(error)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        reason = f"The disk is full: {error.filename or 'DATA_DIR'} cannot be written; free some space."
    print(f"Cannot start. {reason}", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
