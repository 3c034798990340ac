"""The staff's letter of the day: what waits in the current week, in the districts of each. None where nothing does."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.desk import attention, in_time, phoning, scopes
from campaigns.emails import desk_letters
from campaigns.models import Call, Registration, WeekOfAction

BACKEND = "django.contrib.auth.backends.ModelBackend"  # where permissions are looked up
FROM = 7  # o'clock, by the program's own time


def current_week() -> WeekOfAction | None:
    """The week that the desk works on: the newest public one, else the newest."""
    return WeekOfAction.objects.public().first() or WeekOfAction.objects.order_by("-year").first()


def write_digests(*, now: datetime | None = None) -> int:
    """To everybody who may change registrations. How many letters were written now."""
    moment = timezone.localtime(now)
    week = current_week()
    if moment.hour < FROM or not week or moment.date() > week.report_by:
        return 0
    readers = User.objects.with_perm("campaigns.change_registration", backend=BACKEND)
    staff = list(readers.filter(is_active=True, is_staff=True).order_by("pk"))
    written = 0
    for user in desk_letters.without_digest(staff, moment.date()):
        if sentences := what_waits(week, scopes.of(user), moment.date()):
            written += desk_letters.digest(user, on=moment.date(), sentences=sentences)
    return written


def what_waits(week: WeekOfAction, scope: scopes.Scope, today: date) -> list[str]:
    """In sentences; none where nothing waits."""
    rows = Registration.objects.filter(scope.only("local__district"), week=week)
    yesterday = rows.filter(created_at__date=today - timedelta(days=1)).count()
    waiting = rows.filter(status=Registration.Status.RECEIVED).count()
    found = attention.counts(rows)
    calls = phoning.to_make(Call.objects.filter(scope.only("registration__local__district")), today).count()
    boxes = in_time.awaited(week).filter(scope.only("registration__local__district"))
    levels = in_time.levels(boxes, week, today)
    late, tight = levels[in_time.RED], levels[in_time.AMBER]
    if not (yesterday or waiting or found or calls or late or tight):
        return []
    sentences = [f"{yesterday} registered yesterday, {waiting} to approve."] if yesterday or waiting else []
    sentences += [f"{count}: {attention.REASONS[code].words}." for code, count in found.items()]
    sentences += [f"Boxes that will come too late: {late}; that are tight: {tight}."] if late or tight else []
    return sentences + ([f"{calls} to call today."] if calls else [])
