"""Each day: locals whose boxes should be there by now are asked whether they are. Once for each box."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.boxes import shipping
from campaigns.desk import in_time
from campaigns.emails import arrival_letters
from campaigns.models import Box, Registration
from csan.lib import business_days

FROM, UNTIL = 8, 20  # o'clock, by the program's own time; before that and after it nobody is asked
PATIENCE = 2  # business days after the day on which the box was expected
AT_ONCE = 500  # letters in one transaction


def ask_locals(*, now: datetime | None = None) -> int:
    """Write to those that are due. How many letters were written now.

    Only where the local was told that the box left and has not spoken of it yet, and only as long as the week's
    reports are awaited: nobody is asked about a box of last year.
    """
    moment = timezone.localtime(now)
    if not FROM <= moment.hour < UNTIL:
        return 0
    rows = arrival_letters.still_to_ask([box for box in _unspoken_of(moment.date()) if is_due(box, moment.date())])
    written = 0
    for first in range(0, len(rows), AT_ONCE):
        with transaction.atomic():
            for box in rows[first : first + AT_ONCE]:
                written += arrival_letters.did_it_arrive(box, shipping.tracking_url(box))
    return written


def is_due(box: Box, today: date) -> bool:
    """Whether it was delivered by what we know, or should have come two business days ago."""
    return box.status == Box.Status.DELIVERED or today >= business_days.after(in_time.expected_on(box), PATIENCE)


def _unspoken_of(today: date) -> list[Box]:
    awaited = Q(registration__status=Registration.Status.APPROVED, registration__week__report_by__gte=today)
    rows = Box.objects.filter(awaited, status__in=Box.UNDER_WAY, arrival=None)
    return list(rows.select_related("registration__local", "registration__week", "place").order_by("pk"))
