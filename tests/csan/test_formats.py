"""Numbers, days and hours as they are written where our readers live."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format, time_format

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(("language", "number"), [("en", "5,000"), ("es", "5,000")])
def test_thousands_are_parted_by_a_comma_in_both_languages(language, number):
    with translation.override(language):
        assert intcomma(5000) == number
        assert number_format(1234567.5, force_grouping=True) == "1,234,567.5"


@pytest.mark.parametrize(("language", "words"), [("en", "Nov. 24, 2026"), ("es", "24 de noviembre de 2026")])
def test_a_day_is_written_as_each_language_does(language, words):
    with translation.override(language):
        assert date_format(DAY) == words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nov. 24, 2026, 6 p.m."), ("es", "24 de noviembre de 2026, 6:00 p.m.")]
)
def test_an_hour_is_one_of_twelve_in_both_languages(language, words):
    at = timezone.localtime(datetime(2026, 11, 24, 23, tzinfo=UTC))
    with translation.override(language):
        assert date_format(at, "DATETIME_FORMAT") == words
        assert time_format(at.time()).endswith("p.m.")
