"""Reading behind the nginx of deploy/, with its micro-cache, against a file that the same nginx serves from its disk.

Measured with wrk where nginx and wrk are installed (on Debian: apt-get install nginx wrk). wrk counts answers; that
they are right is looked at before, after, and by wrk's own count of those that are not 2xx.
"""

import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

from csan.embedded import free_port
from petitions.models import Petition
from tests.bench.pages import Reading
from tests.bench.place import START_TIMEOUT, Failed, Place, Web, answers
from tests.bench.visitors import Visits
from tests.nginx import NGINX, command

WRK = shutil.which("wrk")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Cached:
    """An nginx of our own in front of the server that signs."""

    def __init__(self, place: Place, petition: Petition, web: Web, folder: Path) -> None:
        folder.mkdir()
        self.place, self.web, self.path = place, web, f"/petitions/{petition.slug}/"
        self.port = free_port()
        words = command(folder, port=self.port, upstream=web.port)
        add_files(folder / "nginx.conf", folder)
        child = place.supervisor.start("nginx", words, {"PATH": "/usr/sbin:/usr/bin"}, is_shown=False)
        place.wait_until(lambda: answers(self.port), START_TIMEOUT, "nginx to answer")
        self.nginx = Web(self.port, child.process.pid)
        self.reading = Reading(place, petition, web, web)
        for name in ("page", "count"):
            (folder / f"{name}.html").write_bytes(self._get(self._address(name)))

    def read(self, what: str, seconds: float, clients: int) -> Visits:
        """A run of the page, of the count, or of a file as long as the one or the other. Raises Failed."""
        self._look(what)
        visits = self._wrk(self._address(what), seconds, clients)
        self._look(what)
        return visits

    def _address(self, what: str) -> str:
        own = {"page": self.path, "count": f"{self.path}count.json"}
        path = own.get(what) or f"/bench/{what.removeprefix('file ')}.html"
        return f"http://127.0.0.1:{self.port}{path}"

    def _look(self, what: str) -> None:
        body = self._get(self._address(what)).decode()
        # The number itself may be a few seconds old here.
        words = ["data-count>", *self.reading.frame] if what.endswith("page") else ['"count": ']
        if missing := [each for each in words if each not in body]:
            raise Failed(f"{what} behind nginx lacks {missing}: {body[:300]}")

    def _get(self, address: str) -> bytes:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return bytes(answer.read())

    def _wrk(self, address: str, seconds: float, clients: int) -> Visits:
        before = self.nginx.computed
        words = [str(WRK), "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--latency", address]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise Failed(said)
        number = int(re.findall(r"(\d+) requests in", said)[0])
        p50, p99 = (time_of(said, share) for share in ("50%", "99%"))
        rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
        return Visits(number, rate, p50, p99, 0.0, (self.nginx.computed - before) / number * 1000)


def time_of(said: str, share: str) -> float:
    """Of wrk's table of latencies, in milliseconds."""
    number, unit = re.findall(rf"{share}\s+([\d.]+)(us|ms|s)\b", said)[0]
    return float(number) * MILLISECONDS[unit]


def add_files(configuration: Path, folder: Path) -> None:
    """Let it serve files of `folder`, too, to be measured against."""
    place = f"        location /bench/ {{ alias {folder}/; }}\n"
    head = "        location / {\n            proxy_cache pages;"
    words = configuration.read_text()
    assert words.count(head) == 1
    configuration.write_text(words.replace(head, place + head))


def is_there() -> bool:
    """Whether nginx and wrk are installed."""
    return bool(NGINX and WRK)
