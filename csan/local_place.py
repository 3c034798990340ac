"""Where a local run happens: its folder, its port and its settings, each looked at before anything is started."""

import errno
import fcntl
import os
import re
import secrets
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from csan.embedded import CannotStart, Servers

ROOT = Path(__file__).resolve().parent.parent
ROOM = 200 * 2**20  # bytes that a new database needs with its log
LESS_ROOM = 50 * 2**20  # bytes that an old one needs to go on
MARK = "CSAN_RUN"  # in the environment of every process of a run: the folder it works in
KEPT_SETTING = re.compile(r"^(SECRET_KEY|HASH_KEY)='(.+)'$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where this run listens, and where its data lies."""

    host: str
    port: int
    folder: Path

    @property
    def address(self) -> str:
        """How a browser on this machine reaches the site, without a slash at its end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_place() -> Place:
    """`HOST`, `PORT` and `DATA_DIR` of the environment. Raises CannotStart."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT is {port!r}; set it to a number between 1 and 65535.")
    folder = Path(os.environ.get("DATA_DIR") or ROOT / ".data").expanduser().absolute()
    return Place(os.environ.get("HOST") or "127.0.0.1", int(port), folder)


def take_folder(folder: Path) -> IO[str]:
    """Make the folder, see that it can be written, and lock it: the lock holds while its file is open.

    Raises CannotStart.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(bytes(4096))
        probe.unlink()
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise CannotStart(
            f"DATA_DIR, {folder}, cannot be written ({error.strerror}); set DATA_DIR to a folder that can."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise CannotStart(
            f"Another `make run` is at work in {folder}; stop that one, or set DATA_DIR to another folder."
        ) from error
    return lock


def check_room(folder: Path) -> None:
    """Raises CannotStart where the disk is nearly full: a database that meets its end stops in the middle."""
    has_database = os.environ.get("DATABASE_URL") or (folder / "postgres").exists()
    needed, free = LESS_ROOM if has_database else ROOM, shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"The disk is full: DATA_DIR, {folder}, has {free // 2**20} MB left and needs {needed // 2**20}; "
            "free some space, or set DATA_DIR to a folder on another disk."
        )


def check_port(place: Place) -> None:
    """Raises CannotStart where the web server could not listen."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CannotStart(f"HOST is {place.host!r}, which is no address of this machine; leave it unset.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {place.port} is taken by another program; set another one: make run PORT={place.port + 1}"
        else:
            reason = f"Port {place.port} of {place.host} cannot be used ({error.strerror}); set PORT or HOST."
        raise CannotStart(reason) from error


def end_left_behind(folder: Path) -> None:
    """End the processes of a run in this folder that was killed. We hold the folder's lock, so they are nobody's."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(folder):
                process.kill()
                found.append(process)
    psutil.wait_procs(found, timeout=5)


def environment(place: Place, servers: Servers) -> dict[str, str]:
    """The settings of a local run: what the environment says, else what `make run` makes up."""
    file = place.folder / "local.env"
    kept = dict(KEPT_SETTING.findall(file.read_text())) if file.exists() else {}
    is_private = place.host in ("127.0.0.1", "localhost", "::1")
    made_up = {
        "LOCAL": "true",
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(48),
        "HASH_KEY": kept.get("HASH_KEY") or secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]" if is_private else "*",
        "BASE_URL": place.address,
        "TRUSTED_PROXY_COUNT": "0",
        "POSTAL_ADDRESS": "1 Example Street, Washington, DC 20001",
        "EMAIL_URL": f"filemail://{place.folder}/mail",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        **servers.environment,
    }
    return {name: os.environ.get(name) or value for name, value in made_up.items()}


def write_environment(folder: Path, settings: dict[str, str]) -> None:
    """Leave the settings for `manage.py` commands that are run beside the program; whole or not at all."""
    lines = ["# Written by `make run` at each start. The keys are kept; what the environment says wins."]
    lines += [f"{name}='{value}'" for name, value in settings.items()]
    new = folder / "local.env.new"
    with new.open("w") as file:
        new.chmod(0o600)
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "local.env")
