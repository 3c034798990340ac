"""Letters that the beat writes to a local before the freeze: it closes soon, an address is in doubt. Once each."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from campaigns.desk import attention, inviting
from campaigns.models import Registration, ShipTo
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory, ShipToFactory, WeekFactory, day
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

CLOSES, ADDRESS = "campaigns.tasks.remind_of_closing", "campaigns.tasks.ask_about_addresses"
IN_DOUBT = {"main_place__verdict": "ask", "main_place__doubts": ["rural_route"], "main_place__address1": "RR 2"}


def beat(name: str) -> None:
    """What the beat calls for, as a worker finds it."""
    assert name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    import_string(name)()


def letters(template: str) -> list[tuple[str, str]]:
    """To whom letters of this kind were written, and in which language."""
    rows = Message.objects.filter(template=f"campaigns/{template}").order_by("to")
    return list(rows.values_list("to", "language"))


def yesterday(**values) -> Registration:
    """Registered a day and an hour ago, with an address in doubt."""
    registered_at = timezone.now() - timedelta(hours=25)
    return RegistrationFactory(**{**IN_DOUBT, "created_at": registered_at, **values})


def test_it_closes_soon_is_said_by_the_beat_once_in_the_language_of_each():
    last, week = WeekFactory(year=2025, register_by=day(-400)), WeekFactory(year=2026, register_by=day(3))
    RegistrationFactory(week=last, approved=True, email="ada@example.org")
    RegistrationFactory(week=last, approved=True, email="dolores@example.org", language="es")
    back = RegistrationFactory(week=last, approved=True, email="back@example.org")
    withdrawn = RegistrationFactory(week=last, approved=True, email="withdrawn@example.org")
    inviting.invite(week=week, expected=4, by=StaffFactory())
    RegistrationFactory(week=week, local=back.local)
    RegistrationFactory(week=week, local=withdrawn.local, status="withdrawn", withdrawn_at=timezone.now())

    for _ in range(3):
        beat(CLOSES)

    assert letters("registration_closes") == [("ada@example.org", "en"), ("dolores@example.org", "es")]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_each_letter_once():
    last, week = WeekFactory(year=2025, register_by=day(-400)), WeekFactory(year=2026, register_by=day(3))
    RegistrationFactory(week=last, approved=True, email="ada@example.org")
    inviting.invite(week=week, expected=1, by=StaffFactory())
    yesterday(week=week, email="sam@example.org")
    at_once(*[lambda: beat(CLOSES), lambda: beat(ADDRESS)] * 4)
    assert (letters("registration_closes"), letters("address_problem")) == (
        [("ada@example.org", "en")],
        [("sam@example.org", "en")],
    )


def test_an_address_in_doubt_is_asked_about_by_the_beat_once_in_the_language_of_each():
    yesterday(email="ada@example.org")
    yesterday(email="dolores@example.org", language="es", approved=True)
    RegistrationFactory(email="sure@example.org", created_at=timezone.now() - timedelta(days=3))
    for _ in range(3):
        beat(ADDRESS)
    assert letters("address_problem") == [("ada@example.org", "en"), ("dolores@example.org", "es")]
    spanish = Message.objects.get(to="dolores@example.org").context
    assert spanish["ship_lines"] == ["Ada Reyes", "RR 2", "Washington, DC 20001"]
    assert "/es/registration/" in spanish["registration_url"]


def test_staff_have_a_day_to_look_themselves():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        RegistrationFactory(**IN_DOUBT)
        clock.shift(timedelta(hours=23))
        assert attention.ask_about_addresses() == 0
        clock.shift(timedelta(hours=2))
        assert [attention.ask_about_addresses() for _ in range(2)] == [1, 0]


def test_another_place_is_asked_about_by_its_own_lines_and_a_new_form_of_it_again():
    registration = RegistrationFactory(created_at=timezone.now() - timedelta(days=2), email="ada@example.org")
    ShipToFactory(registration=registration, position=2, address1="Drawer 5", verdict="ask", doubts=["maybe_box"])
    assert [attention.ask_about_addresses() for _ in range(2)] == [1, 0]
    assert Message.objects.get().context["ship_lines"] == ["Ada Reyes", "Drawer 5", "Washington, DC 20001"]
    ShipTo.objects.filter(position=2).update(address1="Drawer 6")
    assert [attention.ask_about_addresses() for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    "values",
    [
        {"main_place__judged_by_staff": True},
        {"main_place__doubts": []},
        {"status": "withdrawn", "withdrawn_at": timezone.now()},
        {"status": "declined", "declined_at": timezone.now()},
        {"changed_at": timezone.now()},
    ],
)
def test_nobody_is_asked_who_was_heard_or_takes_no_part(values):
    yesterday(**values)
    assert attention.ask_about_addresses() == 0


def test_nobody_is_asked_who_cannot_change_it_any_more_but_for_an_extension():
    week = WeekFactory(register_by=day(-3), freeze_on=day(-1))
    yesterday(week=week)
    extended = yesterday(week=week, extended_until=day(0))
    assert attention.ask_about_addresses() == 1
    assert letters("address_problem") == [(extended.email, "en")]


def test_nobody_is_asked_once_staff_settled_it_or_the_box_has_left():
    settled = yesterday()
    attention.settle(registration=settled, code="address", by=StaffFactory())
    BoxFactory(registration=yesterday(approved=True), shipped=True)
    assert attention.ask_about_addresses() == 0


def test_asking_takes_as_many_queries_for_three_that_were_asked_as_for_one(django_assert_num_queries):
    week = WeekFactory()
    for count in (1, 2):
        for _ in range(count):
            yesterday(week=week)
        attention.ask_about_addresses()
        with django_assert_num_queries(2):
            attention.ask_about_addresses()
