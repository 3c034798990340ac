"""One rate for all senders together, kept in the database: Redis may be lost, the mail service's limit may not.

A sender that takes n letters takes n places in a queue of time; where its first place lies is when it may begin.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

PATIENCE = 2.0  # seconds; the most that a sender takes ahead, so that a pause or a waiting letter bites soon

TAKE = """
    INSERT INTO members_sendbudget AS budget (id, free_at)
    VALUES (1, clock_timestamp() + %(span)s * interval '1 second')
    ON CONFLICT (id) DO UPDATE
        SET free_at = greatest(budget.free_at, clock_timestamp()) + %(span)s * interval '1 second'
    RETURNING extract(epoch FROM free_at - clock_timestamp()) - %(span)s
"""
BUSY = "SELECT coalesce(max(extract(epoch FROM free_at - clock_timestamp())), 0) FROM members_sendbudget"


@dataclass
class Pace:
    """When each of the letters taken may leave: the first at `starts` (monotonic seconds), then one each `gap`."""

    starts: float = 0.0
    gap: float = 0.0
    taken: int = 0

    def wait(self) -> None:
        """Sleep until the next letter's place has come."""
        due = self.starts + self.taken * self.gap
        self.taken += 1
        if (rest := due - time.monotonic()) > 0:
            time.sleep(rest)


def affordable(size: int) -> int:
    """How many of `size` bulk letters a sender may take now; 0 while others have filled the time ahead."""
    if not settings.MAIL_RATE:
        return size
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        ahead = float(cursor.fetchone()[0])
    return 0 if ahead >= PATIENCE else min(size, max(1, int(PATIENCE * settings.MAIL_RATE)))


def take(count: int, *, may_wait: bool) -> Pace:
    """Take places for `count` letters. Letters somebody waits for take theirs too, but leave at once."""
    if not settings.MAIL_RATE:
        return Pace()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"span": count / settings.MAIL_RATE})
        wait = float(cursor.fetchone()[0])
    return Pace(starts=time.monotonic() + max(wait, 0), gap=1 / settings.MAIL_RATE) if may_wait else Pace()
