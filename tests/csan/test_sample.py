"""The sample: a week that is open on any day, the bill's whole line in both languages."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from campaigns.models import WeekOfAction
from csan import sample_congress, sample_petition, sample_weeks
from petitions import districts, lineage
from petitions.models import (
    CommitteeSeat,
    Cosponsorship,
    District,
    Legislator,
    Measure,
    MeasureEvent,
    Office,
    Petition,
    Term,
    ZipDistrict,
)

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


@pytest.mark.parametrize(
    ("day", "congress"), [(date(2026, 11, 25), 119), (date(2027, 1, 3), 120), (date(2031, 5, 1), 122)]
)
def test_the_samples_congress_sits_on_any_day_and_shows_every_kind_of_zip_code(petition, day, congress):
    with time_machine.travel(datetime.combine(day, time(17), UTC), tick=False):
        sample_congress.load()
        tables = (District, ZipDistrict, Legislator, Term, Office, CommitteeSeat, Cosponsorship)
        rows = [table.objects.count() for table in tables]
        sample_congress.load()
        assert [table.objects.count() for table in tables] == rows
        found = districts.find_many(["90210", "90232", "30165", "82001", "20001", "00601", "73301"])
        assert {zip_code: (each.how, each.candidates) for zip_code, each in found.items()} == {
            "90210": ("split", ("CA-30", "CA-32", "CA-36")),
            "90232": ("unique", ("CA-37",)),
            "30165": ("split", ("AL-03", "GA-14")),
            "82001": ("unique", ("WY-00",)),
            "20001": ("unique", ("DC-00",)),
            "00601": ("unique", ("PR-00",)),
            "73301": ("unknown", ()),
        }
        assert found["90232"].congress == congress
        members = districts.members_for(zip_code="85003", district="AZ-03")
        assert (len(members.senators), members.representative.seat) == (2, "AZ-03")
        assert districts.vacancies() == ["TX-37"]
        assert all("invented" in person.full_name for person in Legislator.objects.all())
        assert all(term.phone.startswith("202-555-01") for term in Term.objects.all())
        bill = Measure.objects.get(congress=119, kind="hr")
        names = bill.cosponsorships.all()
        assert (names.standing().count(), names.get(is_sponsor=True).legislator.terms.get().seat) == (6, "AZ-03")
        assert CommitteeSeat.objects.count() == 5


def test_the_samples_petition_keeps_the_bills_of_its_text(petition):
    assert sorted(bill.bill for bill in petition.current_version.measures.all()) == ["H.R.1300", "S.515"]
