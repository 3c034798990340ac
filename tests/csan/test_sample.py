"""The sample: a week that is open on any day, the bill's whole line in both languages."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from campaigns.models import WeekOfAction
from csan import sample_petition, sample_weeks
from petitions import lineage
from petitions.models import Measure, MeasureEvent, Petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    sample_petition.load()
    return Petition.objects.get()


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_on_every_day_of_a_year_its_week_is_open_and_as_far_as_it_goes_in_that_year(year):
    """The constraints say that the days are in order; a year's last days leave no room for a week."""
    for number in range(366):
        today = date(year, 1, 1) + timedelta(days=number)
        with time_machine.travel(datetime.combine(today, time(17), UTC), tick=False), transaction.atomic():
            sample_weeks.load()
            week = WeekOfAction.objects.get(year=today.year)
            assert week.is_open
            assert week.starts_on.year == today.year or (today.month == 12 and today.day > 21)
            transaction.set_rollback(True)


def test_the_bill_goes_from_the_115th_congress_to_the_119th(petition):
    assert [
        (each.number, each.is_signed, [bill.bill for bill in each.measures]) for each in lineage.lineage(petition)
    ] == [
        (115, True, ["H.R.1300", "S.515"]),
        (116, False, ["H.R.3219", "S.1792"]),
        (117, False, ["H.R.4603", "S.2409"]),
        (118, False, ["H.R.8301", "S.4300"]),
        (119, False, ["H.R.4954", "S.2495"]),
    ]
    house = Measure.objects.get(congress=115, kind="hr")
    assert (house.companion.bill, house.successor.bill, house.companion.companion) == ("S.515", "H.R.3219", house)
    assert house.url == "https://www.congress.gov/bill/115th-congress/house-bill/1300"


def test_every_bill_has_a_lead_and_every_event_a_source_and_both_languages(petition):
    assert Measure.objects.filter(lead="").count() == 0
    assert MeasureEvent.objects.filter(source_url="").count() == 0
    assert MeasureEvent.objects.filter(what_es="").count() == 0
    events = list(lineage.timeline(petition))
    assert len(events) == MeasureEvent.objects.count()
    assert [event.happened_on for event in events] == sorted(event.happened_on for event in events)
    points = list(petition.points.order_by("position"))
    assert [point.icon for point in points] == ["where", "choose", "money"]
    with translation.override("es"):
        assert [point.local_title for point in points] == [
            "Decir la verdad", "Dejar elegir", "No premiar a quien se va",
        ]  # fmt: skip
