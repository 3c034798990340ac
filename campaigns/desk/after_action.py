"""What a week came to, in numbers: read afresh whenever staff ask, and never about a person."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet, Sum

from campaigns.desk import scopes
from campaigns.models import Box, Item, Registration, Report, ReportPhoto, WeekOfAction, WeekTask
from campaigns.reports import reporting

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Task:
    """One of the week's tasks: how many locals pledged it, told of it, did it; the sum of the numbers they gave."""

    title: str
    pledged: int
    told: int
    done: int
    number: int


@dataclass(frozen=True)
class Boxes:
    """What became of the boxes. `late` left after the last day to ship, or arrived once the week had begun."""

    left: int
    delivered: int
    lost: int
    returned: int
    late: int


@dataclass(frozen=True)
class Cost:
    """In dollars; None where it is not known. Each is what staff have entered."""

    postage: Decimal | None
    printing: Decimal | None
    other: Decimal | None
    members: int  # reached

    @property
    def total(self) -> Decimal | None:
        """Of what is known."""
        known = [each for each in (self.postage, self.printing, self.other) if each is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def is_complete(self) -> bool:
        """Whether each of the three is known."""
        return None not in (self.postage, self.printing, self.other)

    @property
    def per_member(self) -> Decimal | None:
        """For each member reached, to the cent; None where nobody was reached or no cost is known."""
        if self.total is None or not self.members:
            return None
        return (self.total / self.members).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class State:
    """The locals of a state, and how many of them told us."""

    code: str
    registered: int
    reported: int


@dataclass(frozen=True)
class AfterAction:
    """The whole. `districts` names those it is about; empty: all. Members are those that the locals stated.

    Reached are the members of the locals whose box has left, or that told us that they took part.
    """

    week: WeekOfAction
    districts: list[str]
    registered: int
    withdrawn: int
    shipped: int
    reported: int
    took_part: int
    members: int
    reached: int
    people: int
    tasks: list[Task]
    states: list[State]
    quotes: list[tuple[str, str]]
    photos: list[ReportPhoto]
    items: list[tuple[Item, reporting.Use]]
    boxes: Boxes
    cost: Cost


def gather(week: WeekOfAction, *, seen_by: User | None = None) -> AfterAction:
    """What the week came to; for staff of some districts, what it came to there.

    The cost is always the whole week's.
    """
    scope = scopes.Scope(None) if seen_by is None else scopes.of(seen_by)
    rows = week.registrations.filter(scope.only("local__district"))
    approved = rows.filter(status=Registration.Status.APPROVED)
    reports = Report.objects.filter(registration__in=approved)
    finished = reports.exclude(finished_at=None)
    shipped = approved.filter(Q(pk__in=_left(week).values("registration")))
    everywhere = week.registrations.filter(status=Registration.Status.APPROVED)
    return AfterAction(
        week=week,
        districts=sorted(scope.districts or ()),
        registered=approved.count(),
        withdrawn=rows.filter(status=Registration.Status.WITHDRAWN).count(),
        shipped=shipped.count(),
        reported=finished.count(),
        took_part=finished.filter(took_part=True).count(),
        members=_members(approved),
        reached=_members(_reached(week, approved)),
        people=reports.aggregate(sum=Sum("headcount", default=0))["sum"],
        tasks=_tasks(week, approved, reports),
        states=_states(approved, finished),
        quotes=_quotes(reports),
        photos=_photos(reports),
        items=sorted(reporting.used(week, among=approved).items(), key=lambda pair: pair[0].sku),
        boxes=_boxes(week, approved),
        cost=cost_of(week, reached=_members(_reached(week, everywhere))),
    )


def cost_of(week: WeekOfAction, *, reached: int | None = None) -> Cost:
    """What the week cost, for how many members reached."""
    if reached is None:
        everywhere = week.registrations.filter(status=Registration.Status.APPROVED)
        reached = _members(_reached(week, everywhere))
    return Cost(week.postage_cost, week.printing_cost, week.other_cost, reached)


def _left(week: WeekOfAction) -> QuerySet[Box]:
    return Box.objects.filter(registration__week=week, status__in=Box.UNDER_WAY)


def _reached(week: WeekOfAction, approved: QuerySet[Registration]) -> QuerySet[Registration]:
    took_part = Report.objects.filter(registration__week=week, took_part=True)
    return approved.filter(Q(pk__in=_left(week).values("registration")) | Q(pk__in=took_part.values("registration")))


def _members(rows: QuerySet[Registration]) -> int:
    return int(rows.aggregate(sum=Sum("members_count", default=0))["sum"])


def _tasks(week: WeekOfAction, approved: QuerySet[Registration], reports: QuerySet[Report]) -> list[Task]:
    return [_task(task, approved, reports) for task in week.tasks.order_by("position", "pk")]


def _task(task: WeekTask, approved: QuerySet[Registration], reports: QuerySet[Report]) -> Task:
    sums = task.reports.filter(report__in=reports).aggregate(
        told=Count("pk"), done=Count("pk", filter=Q(was_done=True)), number=Sum("number", default=0)
    )
    return Task(title=task.title, pledged=approved.filter(tasks=task).count(), **sums)


def _states(approved: QuerySet[Registration], finished: QuerySet[Report]) -> list[State]:
    registered = Counter(approved.values_list("local__state", flat=True))
    reported = Counter(finished.values_list("registration__local__state", flat=True))
    return [State(code, count, reported[code]) for code, count in sorted(registered.items())]


def _quotes(reports: QuerySet[Report]) -> list[tuple[str, str]]:
    """What the public may read, too."""
    shown = reports.filter(may_be_shown=True).exclude(approved_at=None).exclude(sentence="")
    rows = shown.select_related("registration__local").order_by("-approved_at", "-pk")
    return [(row.sentence, str(row.registration.local)) for row in rows]


def _photos(reports: QuerySet[Report]) -> list[ReportPhoto]:
    shown = ReportPhoto.objects.filter(report__in=reports, report__may_be_shown=True).exclude(approved_at=None)
    return list(shown.select_related("report__registration__local").order_by("-approved_at", "-pk"))


def _boxes(week: WeekOfAction, approved: QuerySet[Registration]) -> Boxes:
    boxes = Box.objects.filter(registration__in=approved)
    late = Q(shipped_at__date__gt=week.ship_by) | Q(delivered_at__date__gte=week.starts_on)
    counted = boxes.aggregate(
        left=Count("pk", filter=Q(status__in=[*Box.UNDER_WAY, Box.Status.LOST, Box.Status.RETURNED])),
        delivered=Count("pk", filter=Q(status=Box.Status.DELIVERED)),
        lost=Count("pk", filter=Q(status=Box.Status.LOST)),
        returned=Count("pk", filter=Q(status=Box.Status.RETURNED)),
        late=Count("pk", filter=late),
    )
    return Boxes(**counted)
