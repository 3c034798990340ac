"""Files of subscribers: whom they hold, who may have them, how long they stay, and that they can be read back in."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import exporting, importing
from members.models import ExportPart, Person, SubscriberExport, SubscriberImport, Subscription
from tests.members.factories import LocalFactory, StaffFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def make(columns=("email",), **chosen):
    job = exporting.begin(chosen=exporting.Filter(**chosen), columns=columns, by=StaffFactory())
    exporting.work()
    job.refresh_from_db()
    return job


def read(job):
    return "".join(exporting.download(job=job, by=StaffFactory())).splitlines()


def test_a_file_has_the_columns_that_were_asked_for_and_no_formula():
    SubscriptionFactory(person__email="ada@example.org", person__given_name="=1+1", person__zip_code="10001")
    job = make(("given_name", "email", "state", "status"))
    assert (job.status, job.rows, job.candidates) == ("done", 1, 1)
    assert read(job) == ["email,given_name,state,status", "ada@example.org,'=1+1,NY,active"]


def test_a_file_for_nobody_has_its_headings():
    assert read(make()) == ["email"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"status": "active"}, ["a", "b"]),
        ({"language": "es"}, ["b"]),
        ({"state": "NY"}, ["a"]),
        ({"state": "CA"}, []),
        ({"zip_beginning": "021"}, ["b"]),
        ({"employer": "VERIZON"}, ["b"]),
        ({"since": "2026-06-01"}, ["b", "c"]),
        ({"status": "active", "since": "2026-06-01"}, ["b"]),
    ],
)
def test_the_filter_chooses(chosen, expected):
    def add(name, day, **more):
        SubscriptionFactory(person__email=f"{name}@example.org", asked_at=datetime(2026, *day, 12, tzinfo=UTC), **more)

    add("a", (5, 31), person__zip_code="10001-1234")
    add("b", (6, 1), person__zip_code="02139", person__employer="Verizon Wireless", person__language="es")
    add("c", (7, 1), status="unsubscribed", unsubscribed_at=timezone.now())
    assert read(make(**chosen))[1:] == [f"{name}@example.org" for name in expected]


def test_a_local_is_chosen_by_the_directory():
    local = LocalFactory()
    SubscriptionFactory(person__local=local, person__email="a@example.org")
    SubscriptionFactory(person__local=LocalFactory())
    assert read(make(local=local.pk))[1:] == ["a@example.org"]


def test_a_zip_area_that_crosses_the_border_is_told_apart():
    SubscriptionFactory(
        person__zip_code="06390", person__email="fishers-island@example.org"
    )  # New York's, among Connecticut's
    SubscriptionFactory(person__zip_code="06320", person__email="new-london@example.org")
    assert read(make(state="NY"))[1:] == ["fishers-island@example.org"]


def test_every_step_and_every_download_is_recorded():
    SubscriptionFactory()
    job = make(status="active")
    read(job)
    read(job)
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "Asked for an export of subscribers (of: status subscribed)",
        "Exported subscribers (of: status subscribed, rows: 1)",
        "Downloaded an export of subscribers (rows: 1)",
        "Downloaded an export of subscribers (rows: 1)",
    ]


def test_after_seven_days_the_file_is_gone_and_the_record_stays():
    job = make()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert exporting.forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert exporting.forget() == 1
        assert exporting.forget() == 0
    job.refresh_from_db()
    assert (job.status, ExportPart.objects.count()) == ("forgotten", 0)
    with pytest.raises(exporting.NotReady):
        exporting.download(job=job, by=StaffFactory())


def test_a_cancelled_file_is_deleted_at_once():
    staff = StaffFactory()
    job = exporting.begin(chosen=exporting.Filter(), columns=["email"], by=staff)
    exporting.cancel(job=job, by=staff)
    assert exporting.work() is False
    with pytest.raises(exporting.WrongState):
        exporting.cancel(job=job, by=staff)
    assert SubscriberExport.objects.get().status == "cancelled"


def test_what_cannot_be_made_is_given_up_with_a_reason(caplog):
    job = exporting.begin(chosen=exporting.Filter(), columns=["email"], by=StaffFactory())
    SubscriptionFactory(person__email="ada@example.org")
    SubscriberExport.objects.update(columns=["no such column"])
    for attempt in range(3):
        with time_machine.travel(timezone.now() + timedelta(minutes=attempt + 1)):
            exporting.work()
    job.refresh_from_db()
    assert (job.status, job.reason) == ("failed", "A part failed (AttributeError).")
    assert "ada@example.org" not in caplog.text


def test_an_export_is_read_back_in_as_it_was():
    local = LocalFactory(number="1101")
    SubscriptionFactory(
        person__email="ada@example.org", person__given_name="-Ada", person__family_name='Ruiz, "the voice"',
        person__zip_code="02139", person__local=local, person__local_as_written="1101", person__employer="AT&T",
        person__language="es", asked_at=datetime(2026, 5, 2, 12, tzinfo=UTC),
    )  # fmt: skip
    SubscriptionFactory(person__email="left@example.org", status="unsubscribed", unsubscribed_at=timezone.now())
    names = ("given_name", "family_name", "zip_code", "local", "employer", "language")
    before = Person.objects.values(*names).get(email="ada@example.org")
    text = "\n".join(read(make(tuple(exporting.COLUMNS))))
    Person.objects.all().delete()
    job = importing.upload(
        file=io.BytesIO(text.encode()),
        filename="back.csv",
        consent=importing.Consent(source="our own export", on=date(2026, 1, 1), wording="Send me news."),
        mode=SubscriberImport.Mode.AGREED,
        by=None,
    )
    importing.check(job=job, columns=job.columns, by=None)
    importing.work()
    importing.run(job=job, by=None)
    importing.work()
    job.refresh_from_db()
    assert job.counts == {"added": 1, "skipped": 1}
    assert Person.objects.values(*names).get(email="ada@example.org") == before
    assert timezone.localdate(Subscription.objects.get().asked_at) == date(2026, 5, 2)


def test_a_part_costs_the_same_queries_for_one_row_and_for_three(django_assert_num_queries):
    for more in (1, 2):
        SubscriptionFactory.create_batch(more)
        job = exporting.begin(chosen=exporting.Filter(), columns=list(exporting.COLUMNS), by=StaffFactory())
        with django_assert_num_queries(9):
            exporting.step(job.pk)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "lost", "finished_at": timezone.now()}, "members_subscriberexport_status"),
        ({"status": "done"}, "members_subscriberexport_finished"),
        ({"status": "failed", "finished_at": timezone.now()}, "members_subscriberexport_explained"),
    ],
)
def test_the_database_keeps_an_export_whole(changes, name):
    job = SubscriberExport.objects.create()
    with pytest.raises(IntegrityError, match=name):
        SubscriberExport.objects.filter(pk=job.pk).update(**changes)


def test_a_part_stands_once_in_a_file():
    job = SubscriberExport.objects.create()
    ExportPart.objects.create(of=job, number=0, text="")
    with pytest.raises(IntegrityError, match="members_exportpart_once"), transaction.atomic():
        ExportPart.objects.create(of=job, number=0, text="")
