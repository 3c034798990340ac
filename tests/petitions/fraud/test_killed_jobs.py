"""Jobs by real threads and a real process: two at once, a signer in between, and kill -9 in the middle."""

import signal
import subprocess
import sys

import pytest

from petitions import signing, tallies
from petitions.fraud import invalidating
from petitions.models import Invalidation, Signature, TakenSignature
from tests.petitions.conftest import ADA
from tests.petitions.factories import PetitionFactory, SignatureFactory, tally
from tests.processes import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
# Parts so small, and a little slow, that there is a middle to be killed in.
WORK = """
import django; django.setup()
import time
from petitions.fraud import invalidating
from petitions import tallies
invalidating.MOST_OF_A_PART = 20
note = tallies.note
tallies.note = lambda *args: (note(*args), time.sleep(0.03))
while invalidating.work(60): pass
"""


@pytest.fixture
def petition():
    return PetitionFactory()


def begun(petition, count):
    first = SignatureFactory(petition=petition, family_name="Forged")
    rows = [
        Signature(petition=petition, version=first.version, email=f"f{number}@example.org", email_key=f"{number:032}",
                  given_name="A", family_name="Forged", zip_code="20001", state="DC", status="confirmed",
                  confirmed_at=first.confirmed_at)
        for number in range(count - 1)
    ]  # fmt: skip
    Signature.objects.bulk_create(rows)
    tally(petition, DC=count)
    return started(family_name="Forged")


def started(**said):
    job = invalidating.prepare(conditions=said, reason="program", by=None)
    invalidating.start(job=job, by=None)
    return job


def is_exact(petition):
    return tallies.count(petition) == petition.signatures.counting().count() and tallies.recount(dry_run=True) == []


def test_a_killed_worker_leaves_no_part_half_done_and_the_next_goes_on(petition):
    job = begun(petition, 400)
    worker = subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment())
    try:
        wait_until(lambda: Invalidation.objects.filter(pk=job.pk, taken__gte=40).exists(), 60, "a part")
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    job.refresh_from_db()
    assert 0 < job.taken < 400
    held = TakenSignature.objects.filter(released_at=None).count()
    assert held == Signature.objects.filter(status="invalid").count() == job.taken
    assert is_exact(petition)
    while invalidating.work():
        pass
    job.refresh_from_db()
    assert (job.status, job.taken, is_exact(petition)) == ("done", 400, True)


def test_two_jobs_and_two_workers_at_once_take_everything_once(petition, together, monkeypatch):
    monkeypatch.setattr(invalidating, "MOST_OF_A_PART", 7)
    one, two = begun(petition, 120), started(zip_code="20001")
    together(*(lambda: invalidating.work(30) for _ in range(4)))
    while invalidating.work():
        pass
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status, one.taken + two.taken, one.attempts + two.attempts) == ("done", "done", 120, 0)
    assert (TakenSignature.objects.count(), tallies.count(petition), is_exact(petition)) == (120, 0, True)
    for job in (one, two):
        invalidating.undo(job=job, by=None)
    together(*(lambda: invalidating.work(30) for _ in range(4)))
    while invalidating.work():
        pass
    assert (tallies.count(petition), is_exact(petition)) == (120, True)


def test_confirming_and_withdrawing_while_a_job_takes_keep_the_count_exact(petition, together):
    for number in range(12):
        signing.sign(petition=petition, **{**ADA, "email": f"s{number}@example.org", "family_name": "Forged"})
    rows = list(Signature.objects.order_by("pk"))
    tokens = [signing.confirm_token(row) for row in rows]
    for token in tokens[:6]:
        signing.confirm_signature(token=token)
    job = started(family_name="Forged")

    def confirm():
        for token in tokens[6:]:
            try:
                signing.confirm_signature(token=token)
            except signing.LinkExpired:
                continue

    def withdraw():
        for row in rows[::3]:
            signing.withdraw_signature(signature=row)

    together(lambda: invalidating.work(30), confirm, withdraw, lambda: tallies.drain())
    job.refresh_from_db()
    assert (job.status, is_exact(petition)) == ("done", True)
    held = TakenSignature.objects.filter(released_at=None).count()
    assert held == Signature.objects.filter(status="invalid").count() == job.taken
    invalidating.undo(job=job, by=None)
    while invalidating.work():
        pass
    assert (Signature.objects.filter(status="invalid").count(), is_exact(petition)) == (0, True)
