"""Thousands sign on the real web server while worker, Redis and counter are killed: the count is exact."""

import http.client
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Count

from csan.embedded import Redis, free_port
from petitions import signing, tallies
from petitions.models import Signature, TallyDelta
from tests.petitions.factories import PetitionFactory
from tests.processes import ROOT, Worker, environment, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale]

SIGNERS, CLIENTS = 5000, 32
ZIPS = ("02139", "75201", "20001", "96799", "00000")  # Massachusetts, Texas, the District, American Samoa, nowhere
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"}


class Site:
    """The web server on the test's database."""

    def __init__(self, log, **changes):
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "csan/gunicorn.py"]
        values = environment(HOST="127.0.0.1", PORT=str(self.port), BUDGET_FACTOR="0", **changes)
        with log.open("wb") as lines:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=values, stdout=lines, stderr=lines, start_new_session=True
            )

    def answers(self):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with suppress(OSError), closing(client):
            client.request("GET", "/healthz")
            return client.getresponse().status == 200
        return False

    def stop(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def post_all(port, requests, wanted):
    """Each client takes the next request when its last one was answered; answers that are not `wanted` are kept."""
    waiting, wrong = queue.SimpleQueue(), []
    for request in requests:
        waiting.put(request)

    def client():
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with suppress(queue.Empty):
                path, body = waiting.get_nowait()
                line.request("POST", path, body, FORM)
                answer = line.getresponse()
                answer.read()
                page = str(answer.getheader("Location")).partition("?")[0]
                if (answer.status, page) != wanted:
                    wrong.append((path, answer.status, page))
                continue
            return line.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return threads, wrong


def fields(number):
    return urlencode(
        {
            "given_name": "Ada",
            "family_name": f"Signer {number}",
            "email": f"signer{number}@example.org",
            "zip_code": ZIPS[number % len(ZIPS)],
        }
    )


def test_five_thousand_signers_and_everything_but_postgresql_is_killed(tmp_path):
    petition = PetitionFactory()
    page = f"/petitions/{petition.slug}"
    redis = Redis(tmp_path / "redis")
    redis.start()
    worker = Worker(tmp_path, REDIS_URL=redis.url)
    site = Site(tmp_path / "site.log", REDIS_URL=redis.url)
    dice = random.Random(11)
    try:
        wait_until(site.answers, 30, "the web server")
        # Every tenth person signs twice, in another spelling.
        signs = [(f"{page}/sign/", fields(n)) for n in range(SIGNERS)]
        signs += [(f"{page}/sign/", fields(n).replace("signer", "SIGNER", 1)) for n in range(0, SIGNERS, 10)]
        dice.shuffle(signs)
        threads, wrong = post_all(site.port, signs, (303, f"{page}/check-your-email/"))
        wait_until(lambda: Signature.objects.count() > SIGNERS // 4, 60, "the first signatures")
        redis.process.kill()
        redis.process.wait()
        wait_until(lambda: Signature.objects.count() > SIGNERS // 2, 90, "signing without Redis")
        redis.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert Signature.objects.filter(status="pending").count() == SIGNERS

        tokens = [signing.confirm_token(each) for each in Signature.objects.order_by("?")[: SIGNERS - 7]]
        presses = [(f"/signature/{token}/confirm/", "") for token in [*tokens, *dice.sample(tokens, 500)]]
        dice.shuffle(presses)
        threads, wrong = post_all(site.port, presses, (303, f"{page}/signed/"))
        for share in (0.2, 0.4, 0.6):
            wait_until(lambda share=share: tallies.count(petition) > SIGNERS * share, 60, "confirmations")
            worker.kill_a_child(dice.randrange(8))
            kill_the_counter()
        worker.kill()
        for thread in threads:
            thread.join()
        confirmed = Signature.objects.filter(status="confirmed").count()
        assert wrong == []
        assert (tallies.count(petition), confirmed) == (SIGNERS - 7, SIGNERS - 7)
        assert tallies.by_state(petition) == (states := confirmed_by_state())
        assert (len(states), sum(states.values())) == (len(ZIPS), SIGNERS - 7)
        worker.start()
        wait_until(lambda: not TallyDelta.objects.exists(), 60, "the counter to come back")
        assert (tallies.count(petition), tallies.by_state(petition)) == (SIGNERS - 7, states)
        assert tallies.recount() == []
    finally:
        worker.stop()
        site.stop()
        redis.stop()


def confirmed_by_state():
    """As the signatures themselves say it."""
    rows = Signature.objects.counting().values("state").annotate(count=Count("pk"))
    return dict(rows.values_list("state", "count"))


def kill_the_counter():
    """Cut the database connection of whoever drains right now, in the middle of its statement."""
    ends = time.monotonic() + 2
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE '%%DELETE FROM petitions_tallydelta%%' AND pid <> pg_backend_pid() "
                "AND state = 'active'"
            )
            if cursor.fetchall():
                return
            time.sleep(0.002)
