"""What the staff's first page says of the week."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.desk import attention, digest, in_time, phoning, scopes
from campaigns.models import Box, Call, Registration, WeekOfAction


@dataclass(frozen=True)
class Today:
    """The week in figures, in the districts of who looks."""

    week: WeekOfAction
    to_approve: int
    need_attention: int
    calls: int
    approved: int
    boxes_left: int
    boxes: int
    late: int
    tight: int


def today(user: User) -> Today | None:
    """For those who may see registrations, while there is a week; None for everybody else."""
    week = digest.current_week() if user.has_perm("campaigns.view_registration") else None
    if not week:
        return None
    scope = scopes.of(user)
    rows = Registration.objects.filter(scope.only("local__district"), week=week)
    boxes = Box.objects.living().filter(scope.only("registration__local__district"), registration__week=week)
    awaited = in_time.awaited(week).filter(scope.only("registration__local__district"))
    levels = in_time.levels(awaited, week, timezone.localdate())
    calls = Call.objects.filter(scope.only("registration__local__district"))
    return Today(
        week=week,
        to_approve=rows.filter(status=Registration.Status.RECEIVED).count(),
        need_attention=attention.needing(rows).count(),
        calls=phoning.to_make(calls, timezone.localdate()).count(),
        approved=rows.filter(status=Registration.Status.APPROVED).count(),
        boxes_left=boxes.filter(status__in=Box.UNDER_WAY).count(),
        boxes=boxes.count(),
        late=levels[in_time.RED],
        tight=levels[in_time.AMBER],
    )
