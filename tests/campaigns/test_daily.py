"""The letters of each morning: to locals in the week, to staff when something waits."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import IntegrityError
from django.utils import timezone

from campaigns import tasks
from campaigns.desk import daily, digest, phoning
from campaigns.models import StaffDistricts
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory, WeekTaskFactory, day
from tests.members.factories import StaffFactory

ZONE = ZoneInfo(settings.TIME_ZONE)
MONDAY = date(2026, 10, 19)


def at(on: date, hour: int) -> datetime:
    return datetime(on.year, on.month, on.day, hour, 30, tzinfo=ZONE)


@pytest.fixture
def week(db):
    """Monday to Friday."""
    return WeekFactory(year=2026, register_by=date(2026, 9, 18), freeze_on=date(2026, 9, 25),
                       ship_by=date(2026, 10, 2), starts_on=MONDAY, ends_on=MONDAY + timedelta(days=4),
                       report_by=date(2026, 11, 6), published_at=at(date(2026, 1, 1), 9))  # fmt: skip


def titles(week) -> list[str]:
    days = [daily.task_on(week, MONDAY + timedelta(days=number)) for number in range(-1, 6)]
    return [task.title if task else "" for task in days]


@pytest.mark.parametrize(
    ("tasks_", "days"),
    [
        ([], ["", "", "", "", "", "", ""]),
        (["a"], ["", "a", "a", "a", "a", "a", ""]),
        (["a", "b", "c"], ["", "a", "a", "b", "b", "c", ""]),
        (["a", "b", "c", "d", "e"], ["", "a", "b", "c", "d", "e", ""]),
        (["a", "b:1", "c"], ["", "b", "a", "a", "c", "c", ""]),
        (["a:5"], ["", "", "", "", "", "a", ""]),
    ],
)
def test_each_day_has_its_task(week, tasks_, days):
    for position, each in enumerate(tasks_):
        title, _, number = each.partition(":")
        WeekTaskFactory(week=week, title=title, position=position, day=int(number) if number else None)
    assert titles(week) == days


def test_the_first_day_is_number_one_says_the_database(week):
    with pytest.raises(IntegrityError, match="campaigns_weektask_day"):
        WeekTaskFactory(week=week, day=0)


def test_approved_locals_read_each_morning_what_the_day_is_for_once(week):
    WeekTaskFactory(
        week=week, title="Petition drive", title_es="Firmas", description="Ask three people.\n\nThen more."
    )
    ada = RegistrationFactory(week=week, approved=True, language="es", email="ada@example.org")
    RegistrationFactory(week=week)

    assert daily.write_tasks(now=at(MONDAY, 6)) == 0
    assert daily.write_tasks(now=at(MONDAY, 20)) == 0
    assert daily.write_tasks(now=at(MONDAY, 7)) == 1
    assert daily.write_tasks(now=at(MONDAY, 8)) == 0
    late = RegistrationFactory(week=week, approved=True)
    assert daily.write_tasks(now=at(MONDAY, 9)) == 1
    assert daily.write_tasks(now=at(MONDAY + timedelta(days=1), 7)) == 2
    assert daily.write_tasks(now=at(MONDAY + timedelta(days=7), 7)) == 0

    letter = Message.objects.get(key=f"registration:{ada.pk}:task:2026-10-19")
    assert (letter.to, letter.language, letter.context["task"]) == ("ada@example.org", "es", "Firmas")
    assert letter.context["description_lines"] == ["Ask three people.", "Then more."]
    assert Message.objects.filter(key__startswith=f"registration:{late.pk}:").count() == 2


def test_a_week_that_is_not_shown_or_has_no_task_writes_nothing(week):
    RegistrationFactory(week=week, approved=True)
    assert daily.write_tasks(now=at(MONDAY, 9)) == 0
    WeekTaskFactory(week=week)
    type(week).objects.update(published_at=None)
    assert daily.write_tasks(now=at(MONDAY, 9)) == 0


def test_many_locals_cost_a_known_number_of_queries(week, django_assert_num_queries):
    WeekTaskFactory(week=week)
    for _ in range(3):
        RegistrationFactory(week=week, approved=True)
    with django_assert_num_queries(4 + 3 + 2):  # week, task, locals, letters there; an insert each; a savepoint
        daily.write_tasks(now=at(MONDAY, 9))
    with django_assert_num_queries(4):
        daily.write_tasks(now=at(MONDAY, 9))


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_the_same_morning_write_each_letter_once(week):
    WeekTaskFactory(week=week)
    for _ in range(5):
        RegistrationFactory(week=week, approved=True)
    written = at_once(*[lambda: daily.write_tasks(now=at(MONDAY, 9))] * 3)
    assert (sum(written), Message.objects.count()) == (5, 5)


def clerk(*districts: str):
    person = StaffFactory(is_superuser=False)
    person.user_permissions.set(Permission.objects.filter(codename="change_registration"))
    if districts:
        StaffDistricts.objects.create(user=person, districts=list(districts))
    return person


@pytest.fixture
def today():
    return timezone.localdate()


def test_staff_read_what_waits_in_their_districts_once_a_day(db, today):
    week = WeekFactory(year=2026)
    known = {"week": week, "local__state": "NY"}
    waiting = RegistrationFactory(local__district="1", created_at=timezone.now() - timedelta(days=1), **known)
    RegistrationFactory(local__district="6", needs_staff_help=True, approved=True, **known)
    everywhere, first, sixth, _ = clerk(), clerk("1"), clerk("6"), clerk("9")
    phoning.plan_call(registration=waiting, about="other", due_on=today, by=everywhere)
    StaffFactory(is_superuser=False)  # may not decide about registrations

    assert digest.write_digests(now=at(today, 6)) == 0
    assert digest.write_digests(now=at(today, 7)) == 3
    assert digest.write_digests(now=at(today, 8)) == 0

    said = {letter.to: letter.context["sentences"] for letter in Message.objects.all()}
    yes, help_, call = "1 registered yesterday, 1 to approve.", "1: asks for a call.", "1 to call today."
    assert said == {everywhere.email: [yes, help_, call], first.email: [yes, call], sixth.email: [help_]}


def test_staff_read_of_boxes_that_are_late_though_nothing_else_waits(db, today):
    week = WeekFactory(year=2026, **{name: day(3) for name in ("register_by", "freeze_on", "ship_by", "starts_on")})
    BoxFactory(registration=RegistrationFactory(week=week, approved=True, local__district="1", main_place__state="HI"))
    clerk()
    assert digest.write_digests(now=at(today, 9)) == 1
    assert Message.objects.get().context["sentences"] == ["Boxes that will come too late: 1; that are tight: 0."]


def test_where_nothing_waits_nobody_is_written_to(db, today):
    RegistrationFactory(week=WeekFactory(year=2026), approved=True, local__district="1")
    clerk()
    assert digest.write_digests(now=at(today, 9)) == 0


def test_a_week_that_is_over_waits_for_nobody(db, today):
    past = {name: day(-9) for name in ("register_by", "freeze_on", "ship_by", "starts_on", "ends_on", "report_by")}
    RegistrationFactory(week=WeekFactory(year=2026, **past))
    clerk()
    assert digest.write_digests(now=at(today, 9)) == 0


def test_beat_calls_for_both(db):
    tasks.write_tasks_of_the_day()
    tasks.write_digests()
    assert Message.objects.count() == 0


def test_the_staffs_letters_cost_a_known_number_of_queries_each(db, today, django_assert_num_queries):
    RegistrationFactory(week=WeekFactory(year=2026))
    for _ in range(2):
        clerk("1")
    # The week, staff, letters there; of each: districts, yesterday, waiting, reasons, calls, boxes.
    with django_assert_num_queries(3 + 2 * 6):
        assert digest.write_digests(now=at(today, 9)) == 0
