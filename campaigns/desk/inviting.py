"""Last year's locals are invited to the new week, after they were counted; and reminded once before it closes."""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.emails import desk_letters
from campaigns.models import Registration, WeekOfAction
from csan.lib import audit

LAST_DAYS = 3  # before registration closes


class NotOpen(Exception):
    """The week is not public, or its last day to register is over: the letter would lead nowhere."""


class OthersByNow(Exception):
    """How many would be invited is not what was confirmed: locals have registered meanwhile, or were added."""


def to_invite(week: WeekOfAction) -> list[Registration]:
    """Last year's approved registrations of the locals that have none for this week and were not invited to it."""
    return desk_letters.without_invitation(_not_back(week), week)


@transaction.atomic
def invite(*, week: WeekOfAction, expected: int, by: User) -> int:
    """Write to all of them. How many letters were written. Raises NotOpen or OthersByNow.

    Who is invited by two at the same moment gets one letter.
    """
    if not week.is_open:
        raise NotOpen
    rows = to_invite(week)
    if len(rows) != expected:
        raise OthersByNow
    written = sum([desk_letters.invitation(row, week) for row in rows])
    audit.record(by=by, objects=[week], did="Invited last year's locals", letters=written)
    return written


def remind(*, today: date | None = None) -> int:
    """To those who were invited and have not registered: it closes in three days. How many letters were written.

    Once each, whoever asks how often. Who was not invited by staff is not reminded either.
    """
    today = today or timezone.localdate()
    written = 0
    for week in WeekOfAction.objects.open().filter(register_by__lte=today + timedelta(days=LAST_DAYS)):
        rows = _not_back(week)
        strangers = {row.pk for row in desk_letters.without_invitation(rows, week)}
        due = desk_letters.without_reminder([row for row in rows if row.pk not in strangers], week)
        written += sum([desk_letters.registration_closes(row, week) for row in due])
    return written


def _not_back(week: WeekOfAction) -> list[Registration]:
    """Who took part last year and whose local has said nothing yet for this week."""
    registered = Registration.objects.filter(week=week, local=OuterRef("local"))
    last_year = Registration.objects.filter(week__year=week.year - 1, status=Registration.Status.APPROVED)
    return list(last_year.filter(~Exists(registered)).select_related("local", "week").order_by("pk"))
