"""Calls to locals: planned, made once, followed up."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.utils import timezone

from campaigns import personal_data
from campaigns.desk import phoning
from campaigns.models import Call
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import RegistrationFactory, day
from tests.members.factories import StaffFactory

CALLS = "/admin/campaigns/registration/calls/"
QUEUE = "/admin/campaigns/registration/attention/"


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def staff(client, db):
    person = StaffFactory()
    client.force_login(person)
    return person


def test_a_call_is_planned_from_the_queue_once_and_made_from_the_list_with_a_day_to_follow(client, staff):
    registration = RegistrationFactory(local__district="1", needs_staff_help=True, phone="202-555-0134")
    form = {"registration": registration.pk, "do": "call", "code": "help"}
    for _ in range(2):
        assert said(client.post(QUEUE, form, follow=True)) == [f"{registration.local} is on today's list of calls."]
    call = Call.objects.get()

    page = client.get(CALLS).content.decode()
    assert 'href="tel:202-555-0134"' in page
    assert "You asked for our help with the week. How can we help?" in page
    soon = day(3)
    noted = {"call": call.pk, "note": "Will send the sheet.", "again_on": soon.isoformat()}
    assert said(client.post(CALLS, noted, follow=True)) == [f"Noted: the call to {registration.local}."]
    assert said(client.post(CALLS, noted, follow=True)) == ["Somebody has noted this call already. Nothing changed."]

    made, next_ = Call.objects.order_by("pk")
    assert (made.note, made.by, next_.due_on, next_.made_at) == ("Will send the sheet.", staff, soon, None)
    shown = client.get(CALLS).context
    assert (shown["waiting"], [row.pk for row, _ in shown["done"]], shown["later"]) == ([], [made.pk], 1)
    words = [f"Planned a call (about: help, day: {day(0)})", "Called (about: help)",
             f"Planned a call (about: help, day: {soon})"]  # fmt: skip
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == words


def test_a_note_is_asked_for_and_what_was_typed_stays(client, staff):
    call = phoning.plan_call(registration=RegistrationFactory(), about="help", due_on=day(0), by=staff)
    answer = client.post(CALLS, {"call": call.pk, "note": "Sam is at lunch", "again_on": "soon"})
    assert answer.status_code == 422
    assert "Sam is at lunch</textarea>" in answer.content.decode()
    assert "Enter a valid date." in answer.content.decode()
    assert client.post(CALLS, {"call": call.pk, "note": ""}).status_code == 422
    assert client.post(CALLS, {"call": "nonsense", "note": "x"}).status_code == 404
    call.refresh_from_db()
    assert call.made_at is None


def test_a_call_of_a_later_day_or_to_a_local_that_takes_no_part_waits_not_today(client, staff):
    late = phoning.plan_call(registration=RegistrationFactory(), about="late", due_on=day(-2), by=staff)
    phoning.plan_call(registration=RegistrationFactory(), about="late", due_on=day(1), by=staff)
    gone = RegistrationFactory(status="declined", declined_at=timezone.now())
    phoning.plan_call(registration=gone, about="late", due_on=day(0), by=staff)
    assert list(phoning.to_make(Call.objects.all(), day(0))) == [late]


def test_the_list_costs_the_same_however_many_calls_there_are(client, staff, django_assert_num_queries):
    def look() -> None:
        with django_assert_num_queries(5):  # session, user, calls to make, calls made, how many later
            client.get(CALLS)

    phoning.plan_call(registration=RegistrationFactory(), about="late", due_on=day(0), by=staff)
    look()
    for about in ("address", "count", "nonsense"):
        phoning.plan_call(registration=RegistrationFactory(), about=about, due_on=day(0), by=staff)
    look()


def test_the_database_keeps_one_open_call_about_a_thing(db):
    registration = RegistrationFactory()
    Call.objects.create(registration=registration, about="help", made_at=timezone.now())
    Call.objects.create(registration=registration, about="help", due_on=day(0))
    with pytest.raises(IntegrityError, match="campaigns_call_one_open"):
        Call.objects.create(registration=registration, about="help", due_on=day(1))


@pytest.mark.django_db(transaction=True)
def test_two_who_note_the_same_call_write_one_note():
    staff, registration = StaffFactory(), RegistrationFactory()
    call = phoning.plan_call(registration=registration, about="help", due_on=day(0), by=staff)

    def note() -> str:
        try:
            again = timezone.localdate() + timedelta(days=1)
            phoning.note_call(call=Call.objects.get(pk=call.pk), note="Reached", by=staff, again_on=again)
            return "noted"
        except phoning.AlreadyMade:
            return "made"

    assert sorted(at_once(note, note)) == ["made", "noted"]
    assert Call.objects.count() == 2


def test_who_takes_their_data_along_reads_what_was_noted_about_them(db):
    registration = RegistrationFactory()
    call = phoning.plan_call(registration=registration, about="help", due_on=day(0), by=StaffFactory())
    made = phoning.note_call(call=call, note="Will send the sheet.", by=StaffFactory())
    kept = personal_data.of_mailbox(registration.email_key)[0]
    assert kept["calls"] == [{"made_at": made.made_at, "note": "Will send the sheet."}]
