"""A chart of how many came when: a bar a day, a week or a month, whichever can be read and shows most of them."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from csan.lib.groups import FEWEST, public_groups

MOST_BARS = 62  # two months of days, a year of weeks, five years of months
ENOUGH = 0.8  # of all people, shown by a bar; less, and longer spans are tried, whose groups are larger
BIG = 2  # times the bars' mean makes a big day
MOST_BIG = 3
# In the drawing's own units: it is drawn for a phone and grows on a larger screen.
WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 36, 356, 24, 164
DAY, WEEK, MONTH = "day", "week", "month"


@dataclass(frozen=True)
class Bar:
    """A span of time with its number."""

    begins: date
    label: str
    count: int
    mark: str  # "first", "big" or none
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def anchor(self) -> str:
        """Where its label is held, so that it stays in the drawing."""
        if self.middle < LEFT + 40:
            return "start"
        return "end" if self.middle > RIGHT - 40 else "middle"


@dataclass(frozen=True)
class Line:
    """A line of the grid."""

    y: float
    count: int


@dataclass(frozen=True)
class TimeChart:
    """What `components/time_chart.html` draws: the bars that show a number, the grid, and the ends of the time."""

    bars: list[Bar]
    lines: list[Line]
    span: str
    first: str
    last: str
    unit: str
    fewest: int = FEWEST
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM

    def __bool__(self) -> bool:
        """Whether there is a course to show: one bar alone says no more than the count."""
        return len(self.bars) > 1

    @property
    def marked(self) -> list[Bar]:
        """The bars with a word above them, and in the description."""
        return [bar for bar in self.bars if bar.mark]


def time_chart(by_day: Mapping[date, int], *, first: date, last: date, unit: str) -> TimeChart:
    """The chart of `by_day` from a day to another. Spans with fewer than five look like those with nobody."""
    if by_day:
        first, last = min(first, *by_day), max(last, *by_day)
    span, shown = _readable(by_day, first, last)
    starts = list(_starts(first, last, span))
    top = _round_up(max(shown.values(), default=0))
    marks = _marks(shown)
    step = (RIGHT - LEFT) / len(starts)
    bars = []
    for place, begins in enumerate(starts):
        if begins in shown:
            height = (BOTTOM - TOP) * shown[begins] / top
            box = (LEFT + place * step + step * 0.1, BOTTOM - height, step * 0.8, height)
            mark = marks.get(begins, "")
            bars.append(Bar(begins, _label(begins, span), shown[begins], mark, *(round(each, 1) for each in box)))
    lines = [Line(round(BOTTOM - (BOTTOM - TOP) * part, 1), int(top * part)) for part in (0.5, 1)] if bars else []
    return TimeChart(bars, lines, span, date_format(first), date_format(last), unit)


def _readable(by_day: Mapping[date, int], first: date, last: date) -> tuple[str, dict[date, int]]:
    """The shortest span that fits and shows enough, with the numbers that the public may see."""
    total = sum(by_day.values())
    found: tuple[str, dict[date, int]] = (MONTH, {})
    for span in (DAY, WEEK, MONTH):
        places = len(list(_starts(first, last, span)))
        if places > MOST_BARS and span != MONTH:
            continue
        sums: dict[date, int] = {}
        for day, count in by_day.items():
            sums[_start(day, span)] = sums.get(_start(day, span), 0) + count
        shown = public_groups(sums, places=places).shown
        says_more = sum(shown.values()) > sum(found[1].values())
        if says_more and (len(shown) > 1 or len(found[1]) < 2):  # one bar alone is no course of time
            found = span, shown
        if sum(shown.values()) >= ENOUGH * total:
            break
    return found


def _starts(first: date, last: date, span: str) -> Iterator[date]:
    """The first day of each span."""
    begins = _start(first, span)
    while begins <= last:
        yield begins
        begins = _start(begins + timedelta(days={DAY: 1, WEEK: 7, MONTH: 31}[span]), span)


def _start(day: date, span: str) -> date:
    if span == WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span == MONTH else day


def _label(begins: date, span: str) -> str:
    if span == MONTH:
        return date_format(begins, "YEAR_MONTH_FORMAT")
    return _("Week of %(day)s") % {"day": date_format(begins)} if span == WEEK else date_format(begins)


def _marks(shown: Mapping[date, int]) -> dict[date, str]:
    """The first bar, and those that stand out."""
    if len(shown) < 2:
        return {}
    mean = sum(shown.values()) / len(shown)
    big = sorted((day for day in shown if shown[day] >= BIG * mean), key=lambda day: -shown[day])[:MOST_BIG]
    return {**dict.fromkeys(big, "big"), min(shown): "first"}


def _round_up(count: int) -> int:
    """The next round number, even, so that its half is a whole one: the top of the grid."""
    unit = int(10 ** max(int(math.log10(max(count, 1))), 1))
    return next(top for part in (1, 2, 3, 4, 5, 6, 8, 10) if (top := unit * part) >= count)
