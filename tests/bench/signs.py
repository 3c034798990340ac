"""Signing: the whole way of a POST, from the form to the two rows it leaves, against one bare INSERT."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from urllib.parse import urlencode

from django.db import connection

from csan.supervisor import tied_to_this_process
from members.models import Message
from petitions.models import Signature
from tests.bench import floor
from tests.bench.place import ROOT, Failed, Place, Web
from tests.bench.visitors import NUMBER, Plan, Visits
from tests.storm import DRAIN

SIGNER = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "email": f"signer{NUMBER}@example.org",
    "zip_code": "20001",
    "local": "CWA Local 1101",
    "comment": "I have answered calls for eleven years.",
    "newsletter": "on",
    "began": "1500000000",
    "website": "",
}


def post(path: str, port: int) -> str:
    """A browser's POST of the form; each request signs with an address of its own."""
    body = urlencode(SIGNER)
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Language: en-US,en;q=0.5",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"Origin: http://127.0.0.1:{port}",
        "Sec-Fetch-Site: same-origin",
    ]
    return "\r\n".join([*lines, "", body])


class Signing:
    """Rounds of the kinds, on servers that stay up."""

    def __init__(self, place: Place, slug: str) -> None:
        self.place = place
        self.slug = slug
        self.number = 1
        with connection.cursor() as cursor:
            cursor.execute(floor.TABLE)
        self.web, self.floor_web = place.web(), place.web("tests.bench.floor_settings")
        self.path, self.goal = f"/petitions/{slug}/sign/", f"/petitions/{slug}/check-your-email/"

    def sign(self, seconds: float, clients: int) -> Visits:
        """A run on the real server. Raises Failed where an answer has not left one signature and one letter."""
        before = Signature.objects.count(), Message.objects.count()
        visits = self._visit(self.web, self.path, self.goal, seconds, clients)
        after = Signature.objects.count(), Message.objects.count()
        added = after[0] - before[0], after[1] - before[1]
        if added != (visits.answers, visits.answers):
            raise Failed(f"{visits.answers} answers, but {added[0]} signatures and {added[1]} letters")
        return visits

    def insert(self, seconds: float, clients: int) -> Visits:
        """A run on the floor. Raises Failed where an answer has not left one row."""
        before = floor_rows()
        visits = self._visit(self.floor_web, "/sign/", "/signed/", seconds, clients)
        if floor_rows() - before != visits.answers:
            raise Failed(f"{visits.answers} answers, but {floor_rows() - before} rows")
        return visits

    def sign_while_counted(self, seconds: float, clients: int) -> Visits:
        """The same while twenty times a second somebody asks for the count, and the tallies are drained."""
        with counted(self.web, self.slug, seconds):
            return self.sign(seconds, clients)

    def _visit(self, web: Web, path: str, goal: str, seconds: float, clients: int) -> Visits:
        expected = (f"ocation: {goal}\r\n",)  # without its first letter, which some servers write small
        plan = Plan(web.port, post(path, web.port), 303, expected, clients, seconds, self.number)
        visits = self.place.visit(web, plan)
        self.number += visits.answers
        return visits


@contextmanager
def counted(web: Web, slug: str, seconds: float) -> Iterator[None]:
    """Ten people ask for the count every half second, and one process drains. Raises Failed for a wrong answer."""
    request = f"GET /petitions/{slug}/count.json HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\n\r\n"
    plan = Plan(web.port, request, 200, ('"count": ',), clients=10, seconds=seconds, pause=0.5)
    commands = ["-m", "tests.bench.visitors", json.dumps(asdict(plan))], ["-c", DRAIN]
    asking, draining = (
        subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, preexec_fn=tied_to_this_process()
        )
        for command in commands
    )
    try:
        yield
        said, _ = asking.communicate(timeout=30)
        if asking.returncode or not json.loads(said)["answers"]:
            raise Failed("the count was not told")
    finally:
        for process in (asking, draining):
            process.kill()
            process.communicate()


def floor_rows() -> int:
    """How many rows the floor has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_floor")
        return int(cursor.fetchone()[0])
