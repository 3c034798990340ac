"""Did it arrive? Locals are asked when their box should be there, once for each box."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns import tasks
from campaigns.boxes import arrivals, shipping
from campaigns.desk import asking_arrival, resending
from campaigns.models import Box, Registration
from campaigns.private_page import relinking
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory
from tests.campaigns.test_in_time import WEEK, ZONE
from tests.members.factories import StaffFactory

MONDAY = date(2026, 10, 5)
EXPECTED = date(2026, 10, 7)  # two days under way to the next street
DUE = date(2026, 10, 9)


def at(on: date, hour: int = 9) -> datetime:
    return datetime(on.year, on.month, on.day, hour, 30, tzinfo=ZONE)


@pytest.fixture
def week(db):
    return WeekFactory(**WEEK)


def shipped(week, *, on=MONDAY, notifies=True, **values) -> Box:
    box = BoxFactory(registration=RegistrationFactory(week=week, approved=True, **values))
    number = f"1Z{box.pk}"
    shipping.ship_box(box=box, carrier="ups", tracking_number=number, by=StaffFactory(), notifies=notifies)
    Box.objects.filter(pk=box.pk).update(shipped_at=at(on))
    box.refresh_from_db()
    return box


def asked() -> list[str]:
    return list(Message.objects.filter(template="campaigns/did_it_arrive").order_by("pk").values_list("to", flat=True))


def test_a_local_is_asked_two_business_days_after_its_box_was_expected_once(week):
    box = shipped(week, language="es")
    assert asking_arrival.ask_locals(now=at(DUE - timedelta(days=1))) == 0
    assert asking_arrival.ask_locals(now=at(DUE, 7)) == asking_arrival.ask_locals(now=at(DUE, 20)) == 0
    assert asking_arrival.ask_locals(now=at(DUE)) == 1
    assert asking_arrival.ask_locals(now=at(DUE, 10)) == asking_arrival.ask_locals(now=at(date(2026, 10, 14))) == 0
    letter = Message.objects.get(key=f"box:{box.pk}:did-it-arrive")
    assert (letter.to, letter.language, letter.context["is_delivered"]) == (box.registration.email, "es", False)
    assert letter.context["arrived_url"].endswith(f"/es/registration/{box.registration.key}/arrived/{box.code}/")
    assert letter.context["tracking_url"] == f"https://www.ups.com/track?tracknum=1Z{box.pk}"


def test_of_a_box_marked_as_delivered_the_local_is_asked_at_once(week):
    box = shipped(week)
    shipping.mark_delivered(boxes=[box], by=StaffFactory())
    assert asking_arrival.ask_locals(now=at(MONDAY)) == 1
    assert Message.objects.get(key=f"box:{box.pk}:did-it-arrive").context["is_delivered"] is True


def test_nobody_is_asked_who_was_not_told_or_has_spoken_or_takes_no_part_or_has_no_box_under_way(week):
    by = StaffFactory()
    shipped(week, notifies=False)
    arrivals.tell_all_here(box=shipped(week), told_by="Ada")
    arrivals.tell_missing(box=shipped(week), missing={}, note="No pens", told_by="Ada")
    gone = shipped(week).registration
    now = {"approved_at": None, "withdrawn_at": timezone.now()}
    Registration.objects.filter(pk=gone.pk).update(status="withdrawn", **now)
    shipping.mark_lost(boxes=[shipped(week)], by=by)
    BoxFactory(registration=RegistrationFactory(week=week, approved=True))
    assert (asking_arrival.ask_locals(now=at(DUE)), asked()) == (0, [])


def test_nobody_is_asked_about_a_box_of_a_week_that_is_over(week):
    shipped(week)
    assert asking_arrival.ask_locals(now=at(date(2026, 11, 7))) == 0
    assert asking_arrival.ask_locals(now=at(date(2026, 11, 6))) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_ask_once():
    week = WeekFactory(**WEEK)
    for _ in range(5):
        shipped(week)
    written = at_once(*[lambda: asking_arrival.ask_locals(now=at(DUE))] * 3)
    assert (sum(written), len(asked())) == (5, 5)


def test_many_boxes_cost_a_known_number_of_queries(week, django_assert_num_queries):
    for _ in range(3):
        shipped(week)
    with django_assert_num_queries(2 + 3 + 2):  # boxes, letters there; an insert each; a savepoint
        asking_arrival.ask_locals(now=at(DUE))
    with django_assert_num_queries(2):
        asking_arrival.ask_locals(now=at(DUE))


def test_beat_calls_for_it(db):
    tasks.ask_whether_boxes_arrived()
    assert asked() == []


def test_its_link_opens_the_page_on_which_the_local_answers(client, week):
    box = shipped(week)
    asking_arrival.ask_locals(now=at(DUE))
    path = (
        Message.objects.get(template="campaigns/did_it_arrive")
        .context["arrived_url"]
        .removeprefix("http://testserver")
    )
    assert client.get(path).status_code == 200
    assert Box.objects.get(pk=box.pk).status == "shipped"
    client.post(path, {"answer": "all-here", "website": ""})
    assert Box.objects.get(pk=box.pk).status == "delivered"


def test_staff_see_it_on_the_registration_and_send_it_again_with_the_link_of_today(week):
    box, by = shipped(week), StaffFactory()
    asking_arrival.ask_locals(now=at(DUE))
    Message.objects.update(status="accepted", settled_at=timezone.now())
    registration = box.registration
    relinking.replace_links(registrations=[registration], by=by)
    registration.refresh_from_db()
    letter = resending.letters_of(registration).get(template="campaigns/did_it_arrive")
    assert resending.send_again(registration=registration, message=letter, by=by) is True
    again = Message.objects.get(key=f"{letter.key}:again:1")
    assert registration.key in again.context["arrived_url"]
    assert again.context["arrived_url"].endswith(f"/arrived/{box.code}/")
    assert letter.context["arrived_url"] != again.context["arrived_url"]
