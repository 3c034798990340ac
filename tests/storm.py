"""A storm: people sign and confirm while web worker, Celery worker, Redis and the drain job are killed in turn.

Every process is real, and so is every kill (-9). A client whose answer does not come asks again, as people do. What
counts as accepted is the right answer; afterwards the rows must tell of exactly those, and every tally must agree.
"""

import http.client
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count

from csan.embedded import Redis, end, free_port
from members.models import Message
from petitions import signing, tallies
from petitions.models import Petition, Signature, TallyDelta
from tests.processes import ROOT, Worker, environment, wait_until

ZIPS = ("02139", "75201", "20001", "96799", "00000")  # Massachusetts, Texas, the District, American Samoa, nowhere
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"}
TRIES = 60  # of one request; a web worker is back within a second
DRAIN = """
import django, time
django.setup()
from petitions import tallies
while True:
    tallies.drain()
    time.sleep(0.02)
"""
VICTIMS = ("web worker", "Celery worker", "Redis", "drain job")


class Site:
    """The web server on the database at hand."""

    def __init__(self, log: Path, **changes: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "csan/gunicorn.py"]
        values = environment(HOST="127.0.0.1", PORT=str(self.port), BUDGET_FACTOR="1000000", **changes)
        with log.open("wb") as lines:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=values, stdout=lines, stderr=lines, start_new_session=True
            )

    def answers(self) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with suppress(OSError), closing(client):
            client.request("GET", "/healthz")
            return client.getresponse().status == 200
        return False

    def kill_a_worker(self, dice: random.Random) -> None:
        """kill -9 one of its processes, whatever it is about; gunicorn puts another in its place."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        if children := found.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(dice.choice(children)), signal.SIGKILL)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Crowd:
    """Clients that take the next request when the last one was accepted."""

    port: int
    requests: Iterable[tuple[str, str]]  # path and body
    goal: str  # where the right answer leads
    clients: int = 32
    accepted: int = 0
    cut: int = 0  # answers that did not come, or were no answer
    wrong: list[tuple[str, int]] = field(default_factory=list)

    def start(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        for request in self.requests:
            self._waiting.put(request)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._client) for _ in range(self.clients)]
        for thread in self._threads:
            thread.start()

    @property
    def is_busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _client(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(line):
            while True:
                try:
                    path, body = self._waiting.get_nowait()
                except queue.Empty:
                    return
                self._insist(line, path, body)

    def _insist(self, line: http.client.HTTPConnection, path: str, body: str) -> None:
        for _ in range(TRIES):
            try:
                line.request("POST", path, body, FORM)
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                self._count(cut=1)
                time.sleep(0.1)
                continue
            is_right = answer.status == 303 and str(answer.getheader("Location")).startswith(self.goal)
            self._count(accepted=int(is_right), wrong=[] if is_right else [(path, answer.status)])
            return
        self._count(wrong=[(path, 0)])

    def _count(self, *, accepted: int = 0, cut: int = 0, wrong: Iterable[tuple[str, int]] = ()) -> None:
        with self._lock:
            self.accepted += accepted
            self.cut += cut
            self.wrong += wrong


class Storm:
    """The processes, and who is killed next."""

    def __init__(self, folder: Path, petition: Petition, *, signers: int, clients: int = 32, **changes: str) -> None:
        self.petition, self.signers, self.clients = petition, signers, clients
        self.dice = random.Random(11)
        self.killed: Counter[str] = Counter()
        self.redis = Redis(folder / "redis")
        self.redis.start()
        self.values = {"REDIS_URL": self.redis.url, **changes}
        self.worker = Worker(folder, **self.values)
        self.site = Site(folder / "site.log", **self.values)
        self.drainer = self._drain()
        self.seconds: dict[str, float] = {}

    def stop(self) -> None:
        self.worker.stop()
        self.site.stop()
        self.drainer.kill()
        self.drainer.wait()
        self.redis.stop()

    def rage(self, *, pause: float) -> dict[str, Any]:
        """Everybody signs, then everybody but seven confirms; one is killed every `pause` seconds. What was seen."""
        wait_until(self.site.answers, 60, "the web server")
        page = f"/petitions/{self.petition.slug}"
        # Every tenth person signs twice, in another spelling.
        signs = [(f"{page}/sign/", fields(number)) for number in range(self.signers)]
        signs += [(path, body.replace("signer", "SIGNER", 1)) for path, body in signs[::10]]
        self.dice.shuffle(signs)
        signing_crowd = self._through("signing", signs, f"{page}/check-your-email/", pause)
        chosen = Signature.objects.filter(petition=self.petition).order_by("pk")[: self.signers - 7]
        tokens = [signing.confirm_token(signature) for signature in chosen]
        presses = [
            (f"/signature/{token}/confirm/", "") for token in [*tokens, *self.dice.sample(tokens, len(tokens) // 10)]
        ]
        self.dice.shuffle(presses)
        confirming_crowd = self._through("confirming", presses, "/", pause)
        counted_before_the_drain = tallies.count(self.petition)
        wait_until(lambda: not TallyDelta.objects.exists(), 60, "the counter to come back")
        return {
            "signers": self.signers,
            "clients": self.clients,
            "killed": dict(self.killed),
            "signs": told_of(signing_crowd, self.seconds["signing"]),
            "confirms": told_of(confirming_crowd, self.seconds["confirming"]),
            "rows": rows_of(self.petition),
            "counted_before_the_drain": counted_before_the_drain,
            "drift": [each.of for each in tallies.recount(dry_run=True) if each.petition_id == self.petition.pk],
        }

    def _through(self, name: str, requests: list[tuple[str, str]], goal: str, pause: float) -> Crowd:
        crowd = Crowd(self.site.port, requests, goal, self.clients)
        begins = time.monotonic()
        crowd.start()
        while crowd.is_busy:
            time.sleep(pause)
            if crowd.is_busy:
                self._kill_next()
        crowd.join()
        self.seconds[name] = time.monotonic() - begins
        return crowd

    def _kill_next(self) -> None:
        victim = VICTIMS[self.killed.total() % len(VICTIMS)]
        self.killed[victim] += 1
        if victim == "web worker":
            self.site.kill_a_worker(self.dice)
        elif victim == "Celery worker":
            self.worker.kill()
            self.worker.start()
        elif victim == "drain job":
            self.drainer.kill()
            self.drainer.wait()
            self.drainer = self._drain()
        else:
            assert self.redis.process is not None
            end(self.redis.process)
            time.sleep(0.3)
            self.redis.start()

    def _drain(self) -> subprocess.Popen[bytes]:
        """A process that does nothing but drain, so that a kill meets it at work."""
        return subprocess.Popen([sys.executable, "-c", DRAIN], cwd=ROOT, env=environment(**self.values))


def fields(number: int) -> str:
    """What one person types."""
    return urlencode(
        {
            "given_name": "Ada",
            "family_name": f"Signer {number}",
            "email": f"signer{number}@example.org",
            "zip_code": ZIPS[number % len(ZIPS)],
        }
    )


def told_of(crowd: Crowd, seconds: float) -> dict[str, Any]:
    """What the clients saw."""
    return {
        "accepted": crowd.accepted,
        "cut_and_asked_again": crowd.cut,
        "wrong": [list(each) for each in crowd.wrong[:20]],
        "seconds": round(seconds, 1),
        "per_second": round(crowd.accepted / seconds, 1),
    }


def rows_of(petition: Petition) -> dict[str, Any]:
    """What the database says, each counted from the rows themselves."""
    signatures = Signature.objects.filter(petition=petition)
    letters = Message.objects.filter(template__startswith="petitions/")
    by_template = dict(letters.values_list("template").annotate(count=Count("pk")))
    return {
        "signatures": signatures.count(),
        "mailboxes": signatures.values("email_key").distinct().count(),
        "confirmed": signatures.counting().count(),
        "counted": tallies.count(petition),
        "signatures_without_letter": without_letter("confirm_signature"),
        "confirmed_without_thanks": without_letter("thank_you", "WHERE signature.status = 'confirmed'"),
        "letters": {name.partition("/")[2]: count for name, count in sorted(by_template.items())},
        "letters_twice": twice(),
    }


def without_letter(template: str, condition: str = "") -> int:
    """How many signatures have no letter of a kind in the outbox."""
    wanted = "(SELECT split_part(key, ':', 2)::bigint AS id FROM members_message WHERE template = %s)"
    return one(
        f"SELECT count(*) FROM (SELECT id FROM petitions_signature AS signature {condition}) AS signed "
        f"WHERE id NOT IN {wanted}",
        [f"petitions/{template}"],
    )


def twice() -> int:
    """How many letters there are too many: of one kind, to one signature, in one quiet period."""
    return one(
        "SELECT coalesce(sum(count - 1), 0) FROM (SELECT count(*) AS count FROM members_message "
        "WHERE template LIKE %s GROUP BY template, split_part(key, ':', 2), split_part(key, ':', 5)) AS same",
        ["petitions/%"],
    )


def one(sql: str, values: list[str]) -> int:
    """The only number of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
