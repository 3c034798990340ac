"""Business days: Monday to Friday without the federal holidays of the United States (5 U.S.C. 6103).

The Postal Service rests on all eleven of them. UPS and FedEx work on some, so counting by these is never too short.
"""

from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
REMEMBERED = 1000  # answers: thousands of boxes ask about the same few days
SATURDAY, SUNDAY = 5, 6


@lru_cache(maxsize=50)
def holidays(year: int) -> frozenset[date]:
    """The days of a year on which the offices are closed: what falls on a weekend is kept on the day beside it."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    following = date(year + 1, 1, 1)  # on a Saturday it is kept on the last day of this year
    moving = [
        _nth(year, 1, 0, 3),  # Martin Luther King Jr.
        _nth(year, 2, 0, 3),  # Washington
        _nth(year, 6, 0, 1) - 7 * ONE_DAY,  # Memorial Day, the last Monday of May
        _nth(year, 9, 0, 1),  # Labor Day
        _nth(year, 10, 0, 2),  # Columbus Day
        _nth(year, 11, 3, 4),  # Thanksgiving
    ]
    kept = [_kept_on(day) for day in (*fixed, following)]
    return frozenset(day for day in (*kept, *moving) if day.year == year)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The so-and-so-many-th Monday (0) … Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _kept_on(day: date) -> date:
    return day + ONE_DAY * {SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0)


def is_business_day(day: date) -> bool:
    """Whether parcels are handed over and delivered on it."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def first_from(day: date) -> date:
    """The day itself, or the next business day."""
    while not is_business_day(day):
        day += ONE_DAY
    return day


def last_until(day: date) -> date:
    """The day itself, or the last business day before it."""
    while not is_business_day(day):
        day -= ONE_DAY
    return day


@lru_cache(maxsize=REMEMBERED)
def after(day: date, count: int) -> date:
    """So many business days later; the day itself where that is none."""
    for _ in range(count):
        day = first_from(day + ONE_DAY)
    return day


@lru_cache(maxsize=REMEMBERED)
def before(day: date, count: int) -> date:
    """So many business days earlier; the day itself where that is none."""
    for _ in range(count):
        day = last_until(day - ONE_DAY)
    return day


@lru_cache(maxsize=REMEMBERED)
def between(first: date, last: date) -> int:
    """How many business days it is from the one to the other; below zero where the other comes first."""
    if last < first:
        return -between(last, first)
    return sum(is_business_day(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))
