"""Business days by the federal calendar, and how far it is from one ZIP code to another."""

from datetime import date

import pytest

from csan.lib import business_days
from csan.lib.distances import miles


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # As the Office of Personnel Management lists them.
        (2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"),
        (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
        (2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
        (2028, "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25"),
    ],
)
def test_the_holidays_of_a_year_are_those_on_which_offices_are_closed(year, days):
    assert sorted(f"{day:%m-%d}" for day in business_days.holidays(year)) == days.split()


def test_weekends_and_holidays_are_stepped_over():
    friday, columbus = date(2026, 10, 9), date(2026, 10, 12)
    assert business_days.first_from(date(2026, 10, 10)) == date(2026, 10, 13)
    assert business_days.last_until(columbus) == friday
    assert business_days.after(friday, 1) == date(2026, 10, 13)
    assert business_days.before(date(2026, 10, 14), 2) == friday
    assert business_days.after(columbus, 0) == columbus


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 10, 9), date(2026, 10, 9), 0),
        (date(2026, 10, 9), date(2026, 10, 13), 1),
        (date(2026, 10, 13), date(2026, 10, 9), -1),
        (date(2026, 10, 5), date(2026, 10, 16), 8),
        (date(2027, 12, 30), date(2028, 1, 3), 1),
    ],
)
def test_the_days_between_are_counted_both_ways(first, last, count):
    assert business_days.between(first, last) == count


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("20001", "20005", 0, 5),
        ("20001", "19102", 100, 150),
        ("20001", "10001", 180, 230),
        ("20001", "44301", 250, 310),
        ("20001", "60601-1234", 560, 620),
        ("20001", "80202", 1400, 1550),
        ("20001", "94103", 2400, 2500),
    ],
)
def test_the_way_from_region_to_region_is_about_what_a_map_says(one, other, least, most):
    assert least <= miles(one, other) <= most
    assert miles(other, one) == pytest.approx(miles(one, other))


@pytest.mark.parametrize("zip_code", ["", "x", "00000", "09012"])
def test_a_place_that_is_on_no_map_has_no_distance(zip_code):
    assert miles("20001", zip_code) is None
