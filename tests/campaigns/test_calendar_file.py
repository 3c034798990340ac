"""A local's days in its own calendar."""

import icalendar
import pytest

from campaigns.models import WeekOfAction
from members.models import Message
from tests.campaigns.factories import RegistrationFactory, WeekFactory, day
from tests.campaigns.typed import post

pytestmark = pytest.mark.django_db
INLINES = ("tasks", "toolkit", "photos", "kit_rules")


def events(client, registration, prefix="") -> dict[str, icalendar.Event]:
    """By the middle of their lasting names."""
    answer = client.get(f"{prefix}/registration/{registration.key}/calendar.ics")
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]).partition("@")[0].split("-", 2)[2]: event for event in found}


def test_the_file_has_the_locals_four_days_and_no_private_link(client):
    registration = RegistrationFactory(approved=True)
    week = registration.week
    found = events(client, registration)
    assert {name: event["dtstart"].dt for name, event in found.items()} == {
        "freeze": week.freeze_on, "ship-by": week.ship_by, "week": week.starts_on, "report-by": week.report_by,
    }  # fmt: skip
    assert all(registration.key not in event.to_ical().decode() for event in found.values())
    assert "Semana de Acción" in str(events(client, registration, "/es")["week"]["summary"])


def test_a_day_that_moves_keeps_its_name_and_counts_up(client, admin_client):
    registration = RegistrationFactory(week=WeekFactory(year=2031), approved=True)
    before = events(client, registration)["ship-by"]
    week = registration.week
    form = {
        "year": week.year, "theme": week.theme, "intro": week.intro, "illustration": "box",
        **{name: str(getattr(week, name)) for name in WeekOfAction.DAYS}, "ship_by": str(day(21)),
        "published_at_0": "2026-01-01", "published_at_1": "00:00:00",
        **{f"{inline}-{name}_FORMS": 0 for inline in INLINES for name in ("TOTAL", "INITIAL")},
    }  # fmt: skip
    assert admin_client.post(f"/admin/campaigns/weekofaction/{week.pk}/change/", form).status_code == 302
    after = events(client, registration)["ship-by"]
    assert (after["uid"], after["dtstart"].dt, before["sequence"], after["sequence"]) == (before["uid"], day(21), 0, 1)


def test_a_longer_freeze_of_its_own_is_the_locals_day(client):
    registration = RegistrationFactory(approved=True, extended_until=day(15))
    assert events(client, registration)["freeze"]["dtstart"].dt == day(15)


def test_the_receipt_leads_to_it_and_a_dead_link_to_nothing(client):
    post(client, WeekFactory())
    letter = Message.objects.get(template="campaigns/registration_received")
    assert letter.context["calendar_url"].endswith("/calendar.ics")
    assert client.get("/registration/nobody/calendar.ics").status_code == 404
