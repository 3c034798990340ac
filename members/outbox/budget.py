"""One rate for all senders together, kept in the database: Redis may be lost, the mail service's limit may not.

A sender that takes n letters takes n places in a queue of time; where its first place lies is when it may begin. And
while a new domain is warmed up, one limit a day for newsletters, counted from the letters' own rows.
"""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from members.models import Issue, Message

AT_ONCE = 1.0  # seconds of the rate that a sender takes at a time
PATIENCE = 1.5  # seconds; how far ahead places are given away, so that a pause or a waiting letter bites soon
CREDIT = 0.1  # seconds that may be made up for where senders were busy with themselves when a place came

TAKE = """
    INSERT INTO members_sendbudget AS budget (id, free_at)
    VALUES (1, clock_timestamp() + %(span)s * interval '1 second')
    ON CONFLICT (id) DO UPDATE
        SET free_at = greatest(budget.free_at, clock_timestamp() - %(credit)s * interval '1 second')
            + %(span)s * interval '1 second'
    RETURNING extract(epoch FROM free_at - clock_timestamp()) - %(span)s
"""
BUSY = "SELECT coalesce(max(extract(epoch FROM free_at - clock_timestamp())), 0) FROM members_sendbudget"

# A new domain earns its name slowly: Ghost, an open-source publisher, goes from 200 to 200,000 a day in 42 days.
FIRST_DAY = 200
LAST_DAY = 200_000
WARM_UP_DAYS = 42
HANDED_OVER = (Message.Status.ACCEPTED, Message.Status.REFUSED, Message.Status.FAILED, Message.Status.UNCERTAIN)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('members.outbox.warm_up'))"


@dataclass
class Pace:
    """When each of the letters taken may leave: the first at `starts` (monotonic seconds), then one each `gap`."""

    starts: float = 0.0
    gap: float = 0.0
    taken: int = 0

    def wait(self) -> float:
        """Seconds until the next letter's place comes; nothing or less where it has come."""
        return self.starts + self.taken * self.gap - time.monotonic() if self.gap else 0.0

    def places(self) -> int:
        """How many letters' places have come."""
        return max(1, int(-self.wait() / self.gap) + 1) if self.gap else 1_000_000


def affordable(size: int) -> int:
    """How many of `size` bulk letters a sender may take now; 0 while others have filled the time ahead."""
    if not settings.MAIL_RATE:
        return size
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        ahead = float(cursor.fetchone()[0])
    return 0 if ahead >= PATIENCE else min(size, max(1, int(AT_ONCE * settings.MAIL_RATE)))


def take(count: int, *, may_wait: bool) -> Pace:
    """Take places for `count` letters. Letters somebody waits for take theirs too, but leave at once."""
    if not settings.MAIL_RATE:
        return Pace()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"span": count / settings.MAIL_RATE, "credit": CREDIT})
        wait = float(cursor.fetchone()[0])
    return Pace(starts=time.monotonic() + wait, gap=1 / settings.MAIL_RATE) if may_wait else Pace()


def limit_on(day: date) -> int | None:
    """How many newsletter letters may go out on a day; None where the domain is warm, or was never cold."""
    begun: date | None = settings.MAIL_WARM_UP_FROM
    if begun is None or (day - begun).days >= WARM_UP_DAYS:
        return None
    progress = max(0, (day - begun).days) / WARM_UP_DAYS
    growth: float = (LAST_DAY / FIRST_DAY) ** progress
    return round(FIRST_DAY * growth)


def left_today() -> int | None:
    """How many newsletter letters may still go out today, in the union's time zone; None where there is no limit."""
    today = timezone.localdate()
    limit = limit_on(today)
    if limit is None:
        return None
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    # By issue, as the index is; an issue that was finished before today has nothing to add.
    lately = Issue.objects.filter(Q(finished_at=None) | Q(finished_at__gte=midnight - timedelta(days=1)))
    letters = Message.objects.filter(lane=Message.Lane.BULK, issue__in=lately.exclude(frozen_at=None).values("pk"))
    gone = letters.filter(status__in=HANDED_OVER, settled_at__gte=midnight).count()
    return max(0, limit - gone - letters.filter(status=Message.Status.CLAIMED).count())


def warm_enough(size: int) -> int:
    """How many of `size` newsletter letters today's limit allows; call it in the transaction that claims them.

    Senders ask one after the other while there is a limit, so that two never take the same rest.
    """
    if limit_on(timezone.localdate()) is None:
        return size
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    return min(size, left_today() or 0)
