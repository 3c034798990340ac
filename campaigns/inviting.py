"""Last year's locals are invited to the new week: counted first, written to once each."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns import desk_letters
from campaigns.models import Registration, WeekOfAction
from csan.lib import audit


class NotOpen(Exception):
    """The week is not public, or its last day to register is over: the letter would lead nowhere."""


class OthersByNow(Exception):
    """How many would be invited is not what was confirmed: locals have registered meanwhile, or were added."""


def to_invite(week: WeekOfAction) -> list[Registration]:
    """Last year's approved registrations of the locals that have none for this week and were not invited to it."""
    registered = Registration.objects.filter(week=week, local=OuterRef("local"))
    last_year = Registration.objects.filter(week__year=week.year - 1, status=Registration.Status.APPROVED)
    rows = last_year.filter(~Exists(registered)).select_related("local", "week").order_by("pk")
    return desk_letters.without_invitation(list(rows), week)


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
