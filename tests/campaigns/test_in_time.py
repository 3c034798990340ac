"""Will it arrive in time? Days under way by zone, the last day to hand a box over, today's calls."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaigns.boxes import arrivals, receiving, shipping, waves
from campaigns.boxes.transit import transit
from campaigns.desk import in_time, phoning
from campaigns.models import Box, Call, Wave
from csan import checks
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory
from tests.campaigns.test_scopes import district_staff
from tests.members.factories import LocalFactory, StaffFactory

# Friday the 16th is the last business day before the Sunday before the week.
WEEK = {
    "year": 2026, "register_by": date(2026, 9, 18), "freeze_on": date(2026, 9, 25), "ship_by": date(2026, 10, 2),
    "starts_on": date(2026, 10, 19), "ends_on": date(2026, 10, 23), "report_by": date(2026, 11, 6),
}  # fmt: skip
FRIDAY = date(2026, 10, 16)
PLACES = {"DC": "20001", "OH": "44301", "CA": "94103", "HI": "96813"}
ZONE = ZoneInfo(settings.TIME_ZONE)


@pytest.fixture
def week(db):
    return WeekFactory(**WEEK)


def box_to(state, week, *, local=None, **values):
    values.setdefault("registration", registered(state, week, local=local))
    return BoxFactory(**values)


def registered(state, week, *, local=None, **place):
    place = {f"main_place__{part}": value for part, value in place.items()}
    return RegistrationFactory(
        week=week, approved=True, local=local or LocalFactory(), main_place__state=state,
        main_place__zip_code=PLACES[state], **place,
    )  # fmt: skip


def left(on, **values):
    """A box that has left on a day."""
    return {"shipped": True, "shipped_at": datetime(on.year, on.month, on.day, 15, tzinfo=ZONE), **values}


def board(week, today):
    return {row.box.code: row for row in in_time.board(in_time.awaited(week), week, today)}


def row(box, week, today):
    return board(week, today)[box.code]


# Days under way


@pytest.mark.parametrize(
    ("to", "state", "zone", "days"),
    [
        ("20005", "DC", "zones 1 and 2", 2),
        ("19102", "PA", "zones 1 and 2", 2),
        ("10001", "NY", "zone 3", 3),
        ("44301", "OH", "zone 3", 3),
        ("30303", "GA", "zone 4", 4),
        ("33101", "FL", "zone 5", 4),
        ("75201", "TX", "zone 6", 5),
        ("80202", "CO", "zone 7", 6),
        ("94103", "CA", "zone 8", 6),
        ("99501", "AK", "Alaska", 8),
        ("96813", "HI", "Hawaii", 8),
        ("00901", "PR", "Puerto Rico", 8),
        ("00802", "VI", "U.S. Virgin Islands", 12),
        ("96910", "GU", "Guam", 12),
        ("96799", "AS", "American Samoa", 15),
        ("96950", "MP", "Northern Mariana Islands", 15),
        ("09012", "AE", "military post", 15),
        ("00000", "TX", "zone unknown", 6),
    ],
)
def test_days_under_way_follow_the_zone(to, state, zone, days):
    found = transit(to, state, origin="20001")
    assert (found.zone, found.days) == (zone, days)


def test_from_beyond_the_sea_the_mainland_is_far_and_the_own_island_is_near():
    assert transit("20001", "DC", origin="96813").days == 8
    assert transit("96720", "HI", origin="96813").days <= 3


def test_where_boxes_are_handed_over_is_a_setting(settings):
    settings.SHIP_FROM_ZIP = "94103"
    assert transit("94103", "CA").days == 2
    assert checks.boxes_leave_from_somewhere() == []


@pytest.mark.parametrize("typed", ["", "2001", "20001-2797", "x2001"])
def test_a_place_that_there_is_not_stops_the_start(settings, typed):
    settings.SHIP_FROM_ZIP = typed
    assert [error.id for error in checks.boxes_leave_from_somewhere()] == ["csan.E002"]


# When a place takes parcels


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ("", "01234"),
        ("weekdays 9 to 4", "01234"),
        ("Mon-Thu 9-4", "0123"),
        ("Monday through Wednesday, 8 am", "012"),
        ("Tuesdays and Thursdays", "13"),
        ("Tue. 9-12, Fri 1-4", "14"),
        ("lunes a jueves, de 9 a 16", "0123"),
        ("martes y viernes", "14"),
        ("Miércoles", "2"),
        ("Fri to Mon", "04"),
        ("Saturdays only", "01234"),
        ("not on Mondays", "01234"),
        ("Mon-Fri except Wed", "01234"),
        ("by the monitor shop, March entrance", "01234"),
    ],
)
def test_the_days_on_which_a_place_takes_parcels_are_read_from_its_hours(hours, days):
    assert "".join(map(str, sorted(receiving.days_of(hours)))) == days


@pytest.mark.parametrize(
    ("starts_on", "hours", "day"),
    [
        (date(2026, 10, 19), "", FRIDAY),
        (date(2026, 10, 20), "", FRIDAY),
        (date(2026, 10, 18), "", date(2026, 10, 9)),
        (date(2026, 10, 19), "Tuesdays", date(2026, 10, 13)),
        (date(2026, 10, 19), "Mondays", date(2026, 10, 5)),  # the 12th is Columbus Day
        (date(2026, 12, 28), "", date(2026, 12, 24)),
    ],
)
def test_a_box_must_be_there_on_the_last_day_before_the_sunday_that_its_place_is_open(starts_on, hours, day):
    week = WeekFactory.build(**{**WEEK, "starts_on": starts_on})
    assert in_time.needed_by(week, hours) == day


# The board


@pytest.mark.parametrize(
    ("today", "slack", "level", "words"),
    [
        (date(2026, 10, 7), 3, "green", "3 business days left to hand it over"),
        (date(2026, 10, 8), 2, "amber", "2 business days left to hand it over"),
        (date(2026, 10, 9), 1, "amber", "1 business day left to hand it over"),
        (date(2026, 10, 10), 0, "amber", "hand it over today"),  # Saturday: handed over on Tuesday, after Columbus Day
        (date(2026, 10, 13), 0, "amber", "hand it over today"),
        (date(2026, 10, 14), -1, "red", "1 business day late"),
        (date(2026, 10, 17), -4, "red", "4 business days late"),
    ],
)
def test_a_box_that_waits_turns_amber_before_it_is_late(week, today, slack, level, words):
    found = row(box_to("OH", week), week, today)  # three days under way
    assert (found.there_by, found.hand_over_by, found.expected_on) == (FRIDAY, date(2026, 10, 13), None)
    assert (found.slack, found.level, found.words) == (slack, level, words)


@pytest.mark.parametrize(
    ("shipped_on", "today", "expected_on", "slack", "words"),
    [
        (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 8), 5, "5 business days to spare"),
        (date(2026, 10, 13), date(2026, 10, 13), FRIDAY, 0, "comes on the last day"),
        (date(2026, 10, 14), date(2026, 10, 14), date(2026, 10, 19), -1, "1 business day late"),
        (date(2026, 10, 5), date(2026, 10, 14), date(2026, 10, 14), 2,
         "should be there by now; if it comes today: 2 business days to spare"),
        (date(2026, 10, 5), date(2026, 10, 20), date(2026, 10, 20), -2,
         "should be there by now; if it comes today: 2 business days late"),
    ],
)  # fmt: skip
def test_a_box_under_way_is_expected_by_the_day_it_left(week, shipped_on, today, expected_on, slack, words):
    found = row(box_to("OH", week, **left(shipped_on)), week, today)
    assert (found.expected_on, found.hand_over_by, found.slack, found.words) == (expected_on, None, slack, words)


def test_the_most_urgent_stand_first_and_a_place_open_on_tuesdays_has_less_time(week):
    near = box_to("DC", week)
    far = box_to("HI", week)
    picky = box_to("DC", week, registration=registered("DC", week, receiving_hours="Tuesdays 9-4"))
    rows = in_time.board(in_time.awaited(week), week, date(2026, 10, 5))
    assert [each.box for each in rows] == [far, picky, near]
    assert [each.hand_over_by for each in rows] == [date(2026, 10, 5), date(2026, 10, 8), date(2026, 10, 14)]
    assert in_time.counts(rows) == {"red": 0, "amber": 1, "green": 2}


def test_only_boxes_that_are_to_come_and_are_not_there_stand_on_it(week):
    by = StaffFactory()
    BoxFactory()  # of another week
    box_to("DC", week, **left(date(2026, 10, 5)), status="delivered", delivered_at=timezone.now())
    box_to("DC", week, status="cancelled")
    told = box_to("DC", week, **left(date(2026, 10, 5)))
    arrivals.tell_missing(box=told, missing={}, note="No pens", told_by="Ada")
    withdrawn = box_to("DC", week).registration
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(
        status="withdrawn", approved_at=None, withdrawn_at=timezone.now()
    )
    lost = box_to("DC", week, **left(date(2026, 10, 5)))
    waiting = box_to("DC", week)
    shipping.mark_lost(boxes=[lost], by=by)
    assert set(board(week, date(2026, 10, 6))) == {lost.code, waiting.code}
    again = waves.resend_box(box=lost, by=by)
    assert set(board(week, date(2026, 10, 6))) == {again.code, waiting.code}


# Today's calls


def test_calls_are_planned_for_late_and_tight_ones_once_each(week):
    by, today = StaffFactory(), date(2026, 10, 5)
    far, near = box_to("HI", week), box_to("DC", week)
    BoxFactory(registration=far.registration, place=far.place, part=2)
    rows = in_time.board(in_time.awaited(week), week, today)
    assert in_time.plan_calls(rows=rows, on=today, by=by) == 1
    assert in_time.plan_calls(rows=rows, on=today, by=by) == 0
    call = Call.objects.get()
    assert (call.registration, call.about, call.due_on) == (far.registration, "late", today)
    assert near.registration.calls.count() == 0


def test_who_was_called_today_is_not_called_again_but_may_be_tomorrow(week):
    by, today = StaffFactory(), timezone.localdate()
    box_to("HI", week)
    rows = in_time.board(in_time.awaited(week), week, FRIDAY)
    in_time.plan_calls(rows=rows, on=today, by=by)
    phoning.note_call(call=Call.objects.get(), note="Bob takes it", by=by)
    assert in_time.plan_calls(rows=rows, on=today, by=by) == 0
    Call.objects.update(made_at=timezone.now() - timedelta(days=2))
    assert in_time.plan_calls(rows=rows, on=today, by=by) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_calls_at_once_plan_each_once():
    week, by = WeekFactory(**WEEK), StaffFactory()
    for _ in range(4):
        box_to("HI", week)
    rows = in_time.board(in_time.awaited(week), week, FRIDAY)
    planned = at_once(*[lambda: in_time.plan_calls(rows=rows, on=FRIDAY, by=by)] * 3)
    assert (sorted(planned), Call.objects.count()) == ([0, 0, 4], 4)


# The page


PAGE = "/admin/campaigns/box/in-time/"


@pytest.fixture
def soon(db):
    """A week whose Sunday is about two weeks off: Hawaii's time is nearly up, that of the next street is not."""
    return WeekFactory(year=2026)


def said(response):
    return [(row.box.code, row.level) for row in response.context["shown"]]


def near_and_far(soon):
    today = timezone.localdate()
    near, far = box_to("DC", soon), box_to("HI", soon)
    type(soon).objects.update(register_by=today, freeze_on=today, ship_by=today, starts_on=today + timedelta(days=14))
    return near, far


def test_the_board_shows_counts_filters_and_plans_calls(client, soon):
    near, far = near_and_far(soon)
    wave = Wave.objects.create(week=soon, number=3)
    Box.objects.filter(pk=far.pk).update(wave=wave)
    client.force_login(StaffFactory())
    page = client.get(PAGE)
    assert [code for code, _ in said(page)] == [far.code, near.code]
    assert said(page)[1] == (near.code, "green")
    assert dict(said(page))[far.code] in {"red", "amber"}
    assert [code for code, _ in said(client.get(PAGE, {"level": "green"}))] == [near.code]
    assert [code for code, _ in said(client.get(PAGE, {"wave": "3"}))] == [far.code]
    assert said(client.get(PAGE, {"status": "shipped"})) == []
    answer = client.post(f"{PAGE}?wave=3")
    assert (answer.status_code, answer.url) == (303, f"{PAGE}?wave=3")
    assert Call.objects.get().registration == far.registration
    assert "1 local on today&#x27;s list of calls." in client.get(PAGE).content.decode()


def test_the_board_is_taken_along_as_a_table_without_names_of_people(client, soon):
    near, far = near_and_far(soon)
    client.force_login(StaffFactory())
    response = client.get(PAGE, {"as": "csv"})
    table = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [line["Box"] for line in table] == [far.code, near.code]
    assert (table[0]["State"], table[0]["Zone"], table[0]["Business days under way"]) == ("HI", "Hawaii", "8")
    assert not any("Ada Reyes" in cell for line in table for cell in line.values())


def test_districts_see_their_own_boxes_and_how_many_others_there_are(client, soon):
    mine = box_to("DC", soon, local=LocalFactory(district="2-13"))
    box_to("HI", soon, local=LocalFactory(district="9"))
    client.force_login(district_staff("2-13"))
    page = client.get(PAGE)
    assert [code for code, _ in said(page)] == [mine.code]
    assert "1 more is not shown" in page.content.decode()
    client.post(PAGE)
    assert not Call.objects.filter(registration__local__district="9").exists()


def test_who_has_no_box_yet_is_counted_beside_the_board(client, soon):
    RegistrationFactory(week=soon, local__district="3")
    registered("DC", soon, local=LocalFactory(district="3"))
    registered("DC", soon, local=LocalFactory(district="9"))
    for user, counts in ((StaffFactory(), (1, 2)), (district_staff("3"), (1, 1)), (district_staff("9"), (0, 1))):
        client.force_login(user)
        page = client.get(PAGE)
        assert page.context["boxless"] == counts
        assert "having no box yet" in page.content.decode()


def test_who_may_not_see_boxes_sees_no_board_and_who_may_not_change_plans_no_call(client, soon):
    box_to("HI", soon)
    client.force_login(StaffFactory(is_superuser=False))
    assert client.get(PAGE).status_code == 403
    client.force_login(district_staff(permissions=["view_box"]))
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 403
    assert Call.objects.count() == 0


def test_without_a_week_nothing_is_awaited(client, db):
    client.force_login(StaffFactory())
    assert "No box is awaited here." in client.get(PAGE).content.decode()


@pytest.mark.parametrize("boxes", [1, 3])
def test_the_board_costs_the_same_however_many_boxes(client, soon, django_assert_num_queries, boxes):
    for _ in range(boxes):
        box_to("DC", soon)
    client.force_login(StaffFactory())
    with django_assert_num_queries(9):  # session, user, week, boxes, whose, waves; to approve, without a box
        client.get(PAGE)
    client.force_login(district_staff("1"))
    with django_assert_num_queries(11):  # and: two for permissions, districts, the hidden ones
        client.get(PAGE)


@pytest.mark.parametrize("boxes", [1, 3])
def test_counting_costs_one_query_however_many_boxes(soon, django_assert_num_queries, boxes):
    for _ in range(boxes):
        box_to("DC", soon)
    with django_assert_num_queries(1):
        assert in_time.levels(in_time.awaited(soon), soon, timezone.localdate())["green"] == boxes


def test_it_stands_in_the_menu_and_on_the_first_page(client, soon):
    near_and_far(soon)
    client.force_login(StaffFactory())
    page = client.get(reverse("admin:index")).content.decode()
    assert page.count(f'href="{PAGE}"') >= 2
