"""From one year's week to the next."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from campaigns import tasks
from campaigns.desk import inviting, yearly
from campaigns.models import Item, KitRule, ToolkitItem, WeekOfAction
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    RegistrationFactory,
    ToolkitItemFactory,
    WeekFactory,
    WeekTaskFactory,
    day,
)
from tests.members.factories import LocalFactory, StaffFactory

WEEKS = "/admin/campaigns/weekofaction/"


def week_of_2026(**values):
    days = {
        "register_by": date(2026, 9, 18),  # a Friday
        "freeze_on": date(2026, 9, 25),
        "ship_by": date(2026, 10, 2),
        "starts_on": date(2026, 10, 19),  # a Monday
        "ends_on": date(2026, 10, 23),
        "report_by": date(2026, 11, 6),
    }
    return WeekFactory(year=2026, **{**days, **values})


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.django_db
def test_the_days_keep_their_day_of_the_week_and_what_lies_between_them():
    week = week_of_2026()
    moved = yearly.moved_days(week)
    assert moved == {
        "register_by": date(2027, 9, 24),
        "freeze_on": date(2027, 10, 1),
        "ship_by": date(2027, 10, 8),
        "starts_on": date(2027, 10, 25),
        "ends_on": date(2027, 10, 29),
        "report_by": date(2027, 11, 12),
    }
    assert [moved[name].weekday() for name in moved] == [getattr(week, name).weekday() for name in moved]


@pytest.mark.parametrize("first", [date(2026, 12, 28), date(2025, 12, 29), date(2027, 2, 1)])
def test_the_first_day_stays_within_a_week_of_its_date_whatever_the_calendar(first):
    days = dict.fromkeys(WeekOfAction.DAYS, first)
    moved = yearly.moved_days(WeekFactory.build(year=2026, **days))["starts_on"]
    assert abs((moved - first).days - 365) <= 6
    assert moved.weekday() == first.weekday()


@pytest.mark.django_db
def test_tasks_toolkit_and_rules_come_along_as_a_draft():
    week, staff = week_of_2026(), StaffFactory()
    task = WeekTaskFactory(week=week, code="letter", title="Letter", title_es="Carta", day=2)
    sheet = ToolkitItemFactory(week=week, title="Sheet")
    ToolkitItem.objects.create(week=week, kind="file", title="Poster", file="poster-1.pdf")
    button, old = Item.objects.create(sku="button", name="Button"), Item.objects.create(sku="old", name="Old")
    Item.objects.filter(pk=old.pk).update(is_retired=True)
    Item.objects.filter(pk=button.pk).update(print_twin=sheet)
    rule = {"kind": "per-member", "amount": 2, "over_percent": 5, "minimum": 10, "maximum": 900}
    KitRule.objects.create(week=week, item=button, task=task, districts="3, 6", rounds_to_pack=True, **rule)
    KitRule.objects.create(week=week, item=old, kind="per-place")

    fresh = yearly.begin_next_year(week=week, by=staff)

    assert (fresh.year, fresh.theme, fresh.published_at) == (2027, week.theme, None)
    new_task = fresh.tasks.get()
    assert (new_task.code, new_task.title_es, new_task.day) == ("letter", "Carta", 2)
    assert list(fresh.toolkit.order_by("pk").values_list("title", "file")) == [
        ("Sheet", ""),
        ("Poster", "poster-1.pdf"),
    ]
    button.refresh_from_db()
    assert button.print_twin == fresh.toolkit.get(title="Sheet")
    made = fresh.kit_rules.get()
    assert (made.item, made.task, made.districts, made.rounds_to_pack) == (button, new_task, "3, 6", True)
    assert {name: getattr(made, name) for name in rule} == rule
    assert LogEntry.objects.get(user=staff).change_message == "Began (after: 2026)"
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_a_second_time_is_refused():
    week, staff = week_of_2026(), StaffFactory()
    yearly.begin_next_year(week=week, by=staff)
    with pytest.raises(yearly.NextYearExists):
        yearly.begin_next_year(week=week, by=staff)
    assert WeekOfAction.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_it_at_the_same_moment_make_one_week_with_its_tasks_once():
    week, staff = week_of_2026(), StaffFactory()
    WeekTaskFactory(week=week)

    def begin() -> str:
        try:
            return str(yearly.begin_next_year(week=week, by=staff).year)
        except yearly.NextYearExists:
            return "exists"

    assert sorted(at_once(begin, begin, begin)) == ["2027", "exists", "exists"]
    assert WeekOfAction.objects.get(year=2027).tasks.count() == 1


@pytest.mark.django_db
def test_staff_look_at_the_days_and_begin_it_with_one_press(client):
    client.force_login(StaffFactory())
    week = week_of_2026()
    page = client.get(f"{WEEKS}{week.pk}/next-year/").content.decode()
    assert "Monday, October 25, 2027" in page
    assert WeekOfAction.objects.count() == 1

    done = client.post(f"{WEEKS}{week.pk}/next-year/", follow=True)
    assert said(done) == ["Week of Action 2027 is begun as a draft. Look over its days and words, then publish it."]
    again = client.post(f"{WEEKS}{week.pk}/next-year/", follow=True)
    assert said(again) == ["2027 has a week already. Nothing changed."]


@pytest.mark.django_db
def test_a_file_that_two_weeks_share_stays_until_neither_has_it(
    client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "poster-1.pdf").write_bytes(b"%PDF-1.7")
    client.force_login(StaffFactory())
    week = week_of_2026()
    ToolkitItem.objects.create(week=week, kind="file", title="Poster", file="poster-1.pdf")
    fresh = yearly.begin_next_year(week=week, by=StaffFactory())
    for row, stays in ((week, True), (fresh, False)):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{WEEKS}{row.pk}/delete/", {"post": "yes"})
        assert not WeekOfAction.objects.filter(pk=row.pk).exists()
        assert (tmp_path / "poster-1.pdf").exists() is stays


@pytest.fixture
def years():
    """Last year's week, and this year's, which is open."""
    last = WeekFactory(year=2026, register_by=day(-360), freeze_on=day(-350), ship_by=day(-345), starts_on=day(-340),
                       ends_on=day(-336), report_by=day(-300))  # fmt: skip
    return last, WeekFactory(year=2027)


@pytest.mark.django_db
def test_the_locals_that_took_part_are_invited_once_after_they_were_counted(client, years):
    last, week = years
    client.force_login(StaffFactory())
    invited = RegistrationFactory(week=last, approved=True, email="ada@example.org", language="es")
    back = LocalFactory()
    RegistrationFactory(week=last, local=back, approved=True)
    RegistrationFactory(week=week, local=back)
    RegistrationFactory(week=last)  # never approved
    RegistrationFactory(week=WeekFactory(year=2025), approved=True)

    page = client.get(f"{WEEKS}{week.pk}/invite/")
    assert page.context["rows"] == [invited]
    done = client.post(f"{WEEKS}{week.pk}/invite/", {"expected": "1"}, follow=True)

    assert said(done) == ["1 letter written."]
    letter = Message.objects.get()
    assert (letter.key, letter.to, letter.language) == (
        f"registration:{invited.pk}:invited:2027",
        "ada@example.org",
        "es",
    )
    assert (letter.context["last_year"], letter.context["year"], letter.context["members_count"]) == (2026, 2027, 140)
    assert letter.context["register_url"].endswith("/es/week-of-action/2027/register/")
    assert client.get(f"{WEEKS}{week.pk}/invite/").context["rows"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("expected", ["0", "2", "", "x"])
def test_nobody_is_written_to_where_the_count_is_another_by_now(client, years, expected):
    last, week = years
    client.force_login(StaffFactory())
    RegistrationFactory(week=last, approved=True)
    done = client.post(f"{WEEKS}{week.pk}/invite/", {"expected": expected}, follow=True)
    assert said(done) == ["Meanwhile others would be invited. Nobody was written to; look once more."]
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_nobody_is_invited_to_a_week_that_is_not_open(client, years):
    last, week = years
    WeekOfAction.objects.filter(pk=week.pk).update(published_at=None)
    client.force_login(StaffFactory())
    RegistrationFactory(week=last, approved=True)
    done = client.post(f"{WEEKS}{week.pk}/invite/", {"expected": "1"}, follow=True)
    assert said(done) == ["The week is not open for registration: publish it first."]
    assert Message.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_at_the_same_moment_write_one_letter(years):
    last, week = years
    RegistrationFactory(week=last, approved=True)
    staff = StaffFactory()

    def invite() -> int:
        try:
            return inviting.invite(week=WeekOfAction.objects.get(pk=week.pk), expected=1, by=staff)
        except inviting.OthersByNow:
            return 0

    assert sorted(at_once(invite, invite)) == [0, 1]
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_who_may_only_look_begins_and_invites_nothing(client, years):
    _, week = years
    person = StaffFactory(is_superuser=False)
    person.user_permissions.set(Permission.objects.filter(codename="view_weekofaction"))
    client.force_login(person)
    for name in ("next-year", "invite", "quantities"):
        assert client.post(f"{WEEKS}{week.pk}/{name}/").status_code == 403


@pytest.mark.django_db
def test_who_was_invited_and_has_not_registered_reads_once_that_it_closes(years, django_assert_num_queries):
    last, week = years
    closes, staff = week.register_by, StaffFactory()
    invited, back = [RegistrationFactory(week=last, approved=True) for _ in range(2)]
    inviting.invite(week=week, expected=2, by=staff)
    RegistrationFactory(week=last, approved=True)  # whom staff have not invited
    RegistrationFactory(week=week, local=back.local)

    assert inviting.remind(today=closes - timedelta(days=4)) == 0
    assert inviting.remind(today=closes - timedelta(days=3)) == 1
    with django_assert_num_queries(4):
        assert inviting.remind(today=closes) == 0

    letter = Message.objects.get(template="campaigns/registration_closes")
    assert (letter.key, letter.to) == (f"registration:{invited.pk}:closing:2027", invited.email)


@pytest.mark.django_db
def test_nobody_is_reminded_of_a_week_that_is_not_open(years):
    last, week = years
    RegistrationFactory(week=last, approved=True)
    inviting.invite(week=week, expected=1, by=StaffFactory())
    WeekOfAction.objects.filter(pk=week.pk).update(published_at=None)
    tasks.remind_of_closing()
    assert inviting.remind(today=week.register_by) == 0
