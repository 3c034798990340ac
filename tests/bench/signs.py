"""Signing: the whole way of a POST, from the form to the two rows it leaves, against one bare INSERT."""

import json
from dataclasses import asdict
from urllib.parse import urlencode

from django.db import connection

from members.models import Message
from petitions.models import Signature
from tests.bench import floor
from tests.bench.place import Failed, Place
from tests.bench.visitors import NUMBER, Plan, Visits

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
    """Rounds of the two kinds, on servers that stay up."""

    def __init__(self, place: Place, slug: str, clients: int) -> None:
        self.place = place
        self.clients = clients
        self.number = 1
        with connection.cursor() as cursor:
            cursor.execute(floor.TABLE)
        port = place.web()
        self.ours = post(f"/petitions/{slug}/sign/", port), port, f"Location: /petitions/{slug}/check-your-email/\r\n"
        port = place.web("tests.bench.floor_settings")
        self.floor = post("/sign/", port), port, "Location: /signed/\r\n"

    @property
    def port(self) -> int:
        """Of the real server."""
        return self.ours[1]

    def sign(self, seconds: float) -> Visits:
        """A run on the real server. Raises Failed where an answer has not left one signature and one letter."""
        before = Signature.objects.count(), Message.objects.count()
        visits = self._visit(self.ours, seconds)
        after = Signature.objects.count(), Message.objects.count()
        added = after[0] - before[0], after[1] - before[1]
        if added != (visits.answers, visits.answers):
            raise Failed(f"{visits.answers} answers, but {added[0]} signatures and {added[1]} letters")
        return visits

    def insert(self, seconds: float) -> Visits:
        """A run on the floor. Raises Failed where an answer has not left one row."""
        before = floor_rows()
        visits = self._visit(self.floor, seconds)
        if floor_rows() - before != visits.answers:
            raise Failed(f"{visits.answers} answers, but {floor_rows() - before} rows")
        return visits

    def _visit(self, target: tuple[str, int, str], seconds: float) -> Visits:
        request, port, location = target
        plan = Plan(port, request, 303, (location,), self.clients, seconds, self.number)
        visits = visit(self.place, plan)
        self.number += visits.answers
        return visits


def visit(place: Place, plan: Plan) -> Visits:
    """Let visitors follow a plan, in a process of their own."""
    return Visits(**place.run("visitors", ["-m", "tests.bench.visitors", json.dumps(asdict(plan))]))


def floor_rows() -> int:
    """How many rows the floor has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_floor")
        return int(cursor.fetchone()[0])
