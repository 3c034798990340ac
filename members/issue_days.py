"""When the next issue of the newsletter is due: every so many months, counted from a first day that is a setting."""

import calendar
from datetime import date

from django.conf import settings


def next_issue_on(today: date) -> date:
    """The first day, from `today` on, on which an issue is due. In a month that is too short it is the last day."""
    first: date = settings.NEWSLETTER_FIRST_ON
    every: int = settings.NEWSLETTER_EVERY_MONTHS
    months = max(0, (today.year - first.year) * 12 + today.month - first.month)
    due = _months_after(first, months - months % every)
    return due if due >= today else _months_after(first, months - months % every + every)


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
