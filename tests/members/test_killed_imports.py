"""Imports and exports by real processes: killed, two at once, without Redis, and a list of half a million."""

import io
import signal
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection

from csan.lib.redis import client
from members import exporting, importing
from members.models import ExportPart, Message, Person, SubscriberExport, SubscriberImport, Subscription
from tests.members.factories import StaffFactory, SubscriptionFactory
from tests.processes import ROOT, Worker, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

WORK = "import django; django.setup(); from members import {0}; {0}.work(120)"
MEASURED = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
CONSENT = importing.Consent(source="sign-up sheet", on=date(2026, 10, 14), wording="Send me news.")


PATIENCE = 240  # seconds; a machine shared with others may be slow
started: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def no_worker_is_left():
    """A test that fails must not leave a worker on the database of the next one."""
    yield
    for process in started:
        process.kill()
        process.wait()
    started.clear()


def worker(module="importing"):
    started.append(subprocess.Popen([sys.executable, "-c", WORK.format(module)], cwd=ROOT, env=environment()))
    return started[-1]


def upload(rows, mode=SubscriberImport.Mode.AGREED):
    lines = "".join(f"member{number}@example.org,Ana,{number % 90000 + 10000}\n" for number in range(rows))
    file = io.BytesIO(f"email,name,zip\n{lines}".encode())
    return importing.upload(file=file, filename="list.csv", consent=CONSENT, mode=mode, by=None)


def under_way(rows):
    """An import of so many lines, looked through and begun."""
    job = upload(rows)
    importing.check(job=job, columns=job.columns, by=None)
    while importing.work():
        pass
    job.refresh_from_db()
    importing.run(job=job, by=None)
    return job


def progress(job):
    return SubscriberImport.objects.values_list("rows_done", flat=True).get(pk=job.pk)


def test_a_killed_worker_leaves_nothing_half_done_and_the_next_goes_on_where_it_stopped():
    job = under_way(4000)
    for _ in range(2):
        before = progress(job)
        process = worker()
        wait_until(lambda before=before: progress(job) > before, PATIENCE, "the first part")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert Person.objects.count() == Subscription.objects.count() == progress(job)
    assert progress(job) < 4000
    assert worker().wait(PATIENCE) == 0
    job.refresh_from_db()
    assert (job.status, job.counts) == ("done", {"added": 4000})
    assert Person.objects.count() == Subscription.objects.count() == 4000


def test_a_worker_killed_while_looking_through_and_one_while_taking_back():
    job = upload(2500)
    importing.check(job=job, columns=job.columns, by=None)
    for then in (lambda: None, lambda: importing.undo(job=job, by=StaffFactory())):
        then()
        process = worker()
        wait_until(lambda: progress(job) >= 500, PATIENCE, "the first part")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert worker().wait(PATIENCE) == 0
        job.refresh_from_db()
        if job.status == "checked":
            assert job.forecast == {"added": 2500}
            importing.run(job=job, by=None)
            assert worker().wait(PATIENCE) == 0
    assert (job.status, job.taken_back, Person.objects.count()) == ("undone", 2500, 0)


def test_two_workers_at_once_take_every_line_in_once():
    job = under_way(3000)
    both = [worker(), worker()]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert worker().wait(PATIENCE) == 0  # both may have gone away from a row that the other held
    job.refresh_from_db()
    assert (job.status, job.counts, job.attempts) == ("done", {"added": 3000}, 0)
    assert Subscription.objects.count() == 3000


def test_a_worker_that_holds_the_row_sends_the_other_away():
    job = under_way(10)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM members_subscriberimport WHERE id = %s FOR UPDATE", [job.pk])
            assert importing.step(job.pk) is False
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert importing.step(job.pk) is True


def test_somebody_who_subscribes_by_the_form_meanwhile_is_no_second_person():
    job = under_way(2000)
    process = worker()
    SubscriptionFactory(person__email="member1999@example.org", status="pending", confirmed_at=None)
    assert process.wait(PATIENCE) == 0
    wait_until(lambda: importing.work() or SubscriberImport.objects.get().status == "done", PATIENCE, "the end")
    job.refresh_from_db()
    assert sum(job.counts.values()) == 2000
    assert Person.objects.count() == 2000


def test_a_killed_export_goes_on_and_has_every_row_once():
    job = under_way(5000)
    while importing.work():
        pass
    job = exporting.begin(chosen=exporting.Filter(), columns=["email"], by=StaffFactory())
    process = worker("exporting")
    wait_until(lambda: ExportPart.objects.exists(), PATIENCE, "the first part")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert worker("exporting").wait(PATIENCE) == 0
    job.refresh_from_db()
    lines = "".join(exporting.download(job=job, by=StaffFactory())).splitlines()
    assert (job.status, job.rows, len(lines), len(set(lines))) == ("done", 5000, 5001, 5001)


def test_with_redis_gone_beat_finds_what_waits(tmp_path):
    client().flushdb()
    job = upload(700)
    export = exporting.begin(chosen=exporting.Filter(), columns=["email"], by=StaffFactory())
    importing.check(job=job, columns=job.columns, by=None)
    client().flushdb()  # the bells of both are lost
    running = Worker(tmp_path, queues="default", processes=1)
    try:
        wait_until(lambda: SubscriberImport.objects.get().status == "checked", PATIENCE, "beat to ring for the import")
        wait_until(lambda: SubscriberExport.objects.get(pk=export.pk).status == "done", PATIENCE, "the export")
    finally:
        running.stop()
    assert not Message.objects.exists()


@pytest.mark.scale
def test_a_list_ten_times_as_long_takes_no_more_memory():
    peaks = []
    for lines in (2_000, 20_000):
        job = upload(lines)
        importing.check(job=job, columns=job.columns, by=None)
        process = subprocess.Popen(
            [sys.executable, "-c", WORK.format("importing") + MEASURED], cwd=ROOT, env=environment(),
            stdout=subprocess.PIPE,
        )  # fmt: skip
        said, _ = process.communicate(timeout=300)
        peaks.append(int(said) // 1024)
        job.refresh_from_db()
        assert (job.status, job.rows) == ("checked", lines)
    assert peaks[1] - peaks[0] < 40
