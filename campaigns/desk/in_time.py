"""Will each box be there in time? Reckoned back from the Sunday before the week, in business days.

A box must be there on the last day before that Sunday on which its place takes parcels. Less its days under way, that
is the last day to hand it over; what lies between today and then is its slack. For one that has left, the slack lies
between the day it is expected and the day it must be there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from campaigns.boxes import receiving
from campaigns.boxes.transit import Transit, transit
from campaigns.desk import phoning
from campaigns.models import Box, Call, Registration, WeekOfAction
from csan.lib import business_days

TIGHT = 2  # business days of slack up to which a box is watched
RED, AMBER, GREEN = "red", "amber", "green"
LEVELS = {RED: "too late", AMBER: "tight", GREEN: "in time"}
Status = Box.Status
GONE = (Status.LOST, Status.RETURNED)
ABOUT = "late"  # of the calls
LOOKED_AT = ("status", "shipped_at", "place__zip_code", "place__state", "place__receiving_hours")


@dataclass(frozen=True)
class Row:
    """A box that is not there yet. `hand_over_by` is None once it has left, `expected_on` as long as it has not."""

    box: Box
    transit: Transit
    there_by: date
    hand_over_by: date | None
    expected_on: date | None
    slack: int
    is_overdue: bool = False

    @property
    def level(self) -> str:
        """Red, amber or green."""
        return RED if self.slack < 0 else AMBER if self.slack <= TIGHT else GREEN

    @property
    def level_words(self) -> str:
        """The same for who does not see colours."""
        return LEVELS[self.level]

    @property
    def words(self) -> str:
        """What its slack means."""
        days = f"{abs(self.slack)} business day{'' if abs(self.slack) == 1 else 's'}"
        if self.slack < 0:
            said = f"{days} late"
        elif self.hand_over_by:
            said = f"{days} left to hand it over" if self.slack else "hand it over today"
        else:
            said = f"{days} to spare" if self.slack else "comes on the last day"
        return f"should be there by now; if it comes today: {said}" if self.is_overdue else said


def awaited(week: WeekOfAction) -> QuerySet[Box]:
    """The week's boxes that are to be there and are not: waiting, under way, or gone astray and not sent again.

    Of one that is under way and that its local has spoken of, the carrier's part is done.
    """
    again = Box.objects.living().filter(registration=OuterRef("registration"), place=OuterRef("place"))
    waiting = Q(status__in=Box.WAITING) | Q(status=Status.SHIPPED, arrival=None)
    astray = Q(~Exists(again), status__in=GONE, replacement=None)
    return Box.objects.filter(
        waiting | astray, registration__week=week, registration__status=Registration.Status.APPROVED
    )


def board(boxes: QuerySet[Box], week: WeekOfAction, today: date) -> list[Row]:
    """Those boxes of the week, the most urgent first; one query. Of the rows that are shown, ask `with_locals`."""
    found = [row_of(box, week, today) for box in boxes.select_related("place")]
    return sorted(found, key=lambda row: (row.slack, row.there_by, row.box.code))


def with_locals(rows: Iterable[Row]) -> None:
    """Fetch whose the boxes are and what wave they are of; three queries."""
    prefetch_related_objects([row.box for row in rows], "registration__local", "wave")


def levels(boxes: QuerySet[Box], week: WeekOfAction, today: date) -> dict[str, int]:
    """How many of those boxes are red, amber and green, for who asks for nothing else; one query, and a light one."""
    return counts(row_of(box, week, today) for box in boxes.select_related("place").only(*LOOKED_AT))


def row_of(box: Box, week: WeekOfAction, today: date) -> Row:
    """How a box stands today. It comes with its place."""
    way = transit(box.place.zip_code, box.place.state)
    there_by = needed_by(week, box.place.receiving_hours)
    soonest = business_days.first_from(today)
    if box.status == Status.SHIPPED and box.shipped_at:
        promised = expected_on(box)
        likely = max(promised, soonest)
        return Row(box, way, there_by, None, likely, business_days.between(likely, there_by), promised < today)
    hand_over_by = business_days.before(there_by, way.days)
    return Row(box, way, there_by, hand_over_by, None, business_days.between(soonest, hand_over_by))


def needed_by(week: WeekOfAction, hours: str = "") -> date:
    """The last day up to the Sunday before the week on which a place with these receiving hours takes a parcel."""
    day = week.starts_on - timedelta(days=week.starts_on.isoweekday())
    days = receiving.days_of(hours)
    while not (day.weekday() in days and business_days.is_business_day(day)):
        day -= business_days.ONE_DAY
    return day


def expected_on(box: Box) -> date:
    """The day on which a box that has left should be there. It comes with its place."""
    assert box.shipped_at is not None, "only a box that has left is expected"
    left = business_days.first_from(timezone.localdate(box.shipped_at))
    return business_days.after(left, transit(box.place.zip_code, box.place.state).days)


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many boxes are red, amber and green."""
    found = Counter(row.level for row in rows)
    return {level: found[level] for level in LEVELS}


def plan_calls(*, rows: Sequence[Row], on: date, by: User) -> int:
    """A call for this day to each local with a box that is red or amber; for how many is given back.

    Once each: not where such a call is planned, or was made on this day.
    """
    wanted = {row.box.registration_id: row.box.registration for row in rows if row.level != GREEN}
    with transaction.atomic():
        # Who plans at the same moment waits here, and finds these calls.
        held = (
            Registration.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
        )
        chosen = list(held)
        known = Call.objects.filter(Q(made_at=None) | Q(made_at__date=on), registration__in=chosen, about=ABOUT)
        spoken_of = set(known.values_list("registration", flat=True))
        due = [pk for pk in chosen if pk not in spoken_of]
        for pk in due:
            phoning.plan_call(registration=wanted[pk], about=ABOUT, due_on=on, by=by)
    return len(due)
