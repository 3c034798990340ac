"""Calendar files: what programs that follow RFC 5545 read in them, and what stays the same when they read again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.utils import timezone

from members.models import Post
from tests.campaigns.factories import WeekFactory
from tests.members.factories import PostFactory

pytestmark = pytest.mark.django_db


def read(response) -> list[icalendar.Event]:
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(response.content)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    return list(calendar.walk("VEVENT"))


def when(event: icalendar.Event, name: str = "DTSTART"):
    return event[name].dt


@pytest.fixture
def action() -> Post:
    starts = datetime(2026, 11, 2, 18, 30, tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(datetime(2026, 10, 1, tzinfo=UTC), tick=False):
        yield PostFactory(
            kind=Post.Kind.ACTION,
            slug="rally",
            title="Rally; bring, friends",
            starts_at=starts,
            place="Union Square, NYC",
        )


def test_an_action_has_its_moment_its_place_and_its_address(client, action):
    (event,) = read(client.get("/news/rally/calendar.ics"))

    assert when(event) == datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Rally; bring, friends", "Union Square, NYC")
    assert event["URL"] == "http://testserver/news/rally/"
    assert event["UID"] == f"action-{action.pk}@testserver"


def test_moments_are_in_utc_so_that_no_table_of_zones_is_needed(client, action):
    assert b"DTSTART:20261102T233000Z\r\n" in client.get("/news/rally/calendar.ics").content


def test_a_moved_action_is_the_same_entry_with_a_newer_stamp(client, action):
    (before,) = read(client.get("/es/news/rally/calendar.ics"))
    with time_machine.travel(datetime(2026, 10, 2, tzinfo=UTC), tick=False):
        Post.objects.update(starts_at=action.starts_at + timedelta(hours=1))
        (after,) = read(client.get("/news/rally/calendar.ics"))

    assert before["UID"] == after["UID"]
    assert when(after) - when(before) == timedelta(hours=1)
    assert when(after, "DTSTAMP") - when(before, "DTSTAMP") == timedelta(days=1)


def test_a_week_is_whole_days_and_ends_before_the_day_after_it(client):
    WeekFactory(
        year=2026,
        register_by=date(2026, 9, 18), freeze_on=date(2026, 9, 20), ship_by=date(2026, 10, 1),
        starts_on=date(2026, 10, 18), ends_on=date(2026, 10, 24), report_by=date(2026, 11, 30),
    )  # fmt: skip
    last_day, week = read(client.get("/es/week-of-action/2026/calendar.ics"))

    assert (when(week), when(week, "DTEND")) == (date(2026, 10, 18), date(2026, 10, 25))
    assert (when(last_day), when(last_day, "DTEND")) == (date(2026, 9, 18), date(2026, 9, 19))
    assert (week["UID"], last_day["UID"]) == ("week-of-action-2026@testserver", "register-by-2026@testserver")
    assert week["URL"] == "http://testserver/es/week-of-action/2026/"


def test_everything_to_come_is_in_one_calendar(client):
    today = timezone.localdate()
    WeekFactory(year=today.year)
    now = timezone.now()
    for slug, days in (("soon", 3), ("later", 40), ("lately", -3), ("long-ago", -90)):
        PostFactory(kind=Post.Kind.ACTION, slug=slug, title=slug, starts_at=now + timedelta(days=days))
    PostFactory(
        kind=Post.Kind.ACTION, slug="draft", title="draft", starts_at=now, status="submitted", published_at=None
    )
    PostFactory(kind=Post.Kind.STORY, slug="story", title="story")

    titles = [str(event["SUMMARY"]) for event in read(client.get("/calendar.ics"))]

    assert titles[2:] == ["lately", "soon", "later"]
    assert f"Customer Service Week of Action {today.year}" in titles[:2]


def test_an_empty_calendar_is_still_a_calendar(client):
    assert read(client.get("/es/calendar.ics")) == []


def test_a_calendar_may_be_kept_and_says_its_language(client):
    response = client.get("/es/calendar.ics")

    assert (response["Cache-Control"], response["Content-Language"]) == ("public, max-age=900", "es")
    assert response["Content-Disposition"] == 'inline; filename="calendar.ics"'


@pytest.mark.parametrize(
    "address", ["/news/story/calendar.ics", "/news/none/calendar.ics", "/week-of-action/1999/calendar.ics"]
)
def test_what_has_no_date_or_is_not_public_has_no_calendar(client, address):
    PostFactory(kind=Post.Kind.STORY, slug="story")

    assert client.get(address).status_code == 404


def test_no_line_is_longer_than_75_bytes(client):
    PostFactory(
        kind=Post.Kind.ACTION, slug="rally", title="Reunión " * 15, summary="Ñandú " * 40, starts_at=timezone.now()
    )

    assert [line for line in client.get("/calendar.ics").content.split(b"\r\n") if len(line) > 75] == []
