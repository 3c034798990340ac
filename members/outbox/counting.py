"""How many letters of an issue are in which state: exact at any moment, and cheap with a million of them.

The database itself notes each change of a letter's state beside it, in the same transaction and one row for a whole
statement (a trigger, see the migration), so no way of changing letters can forget to. One job at a time sums old notes
up; the count is sums plus notes, read in one statement, and so the same before, during and after.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from members.models import Issue, LetterCountDelta, Message

RATE_SPAN = timedelta(seconds=60)  # over which the rate of sending is measured; notes are kept so long

COUNT = """
    SELECT status, sum(count) FROM (
        SELECT status, count FROM members_lettercount WHERE issue_id = %(issue)s
        UNION ALL
        SELECT status, amount FROM members_lettercountdelta WHERE issue_id = %(issue)s
    ) AS counted
    GROUP BY status HAVING sum(count) <> 0
"""
TRY_TO_BE_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('members.outbox.counting'))"
SUM_UP = """
    WITH taken AS (
        DELETE FROM members_lettercountdelta WHERE at < %s RETURNING issue_id, status, amount
    ), summed AS (
        SELECT issue_id, status, sum(amount) AS amount, count(*) AS rows FROM taken GROUP BY issue_id, status
    ), written AS (
        INSERT INTO members_lettercount (issue_id, status, count)
        SELECT issue_id, status, amount FROM summed
        ON CONFLICT (issue_id, status) DO UPDATE SET count = members_lettercount.count + excluded.count
    )
    SELECT coalesce(sum(rows), 0) FROM summed
"""
NOT_SENT = (*Message.OPEN, Message.Status.SKIPPED)


@dataclass(frozen=True)
class Counts:
    """An issue's letters by state; they sum up to its candidates. `rate` in letters a second, lately."""

    by_status: dict[str, int] = field(default_factory=dict)
    rate: float = 0.0

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def open(self) -> int:
        return sum(self.by_status.get(status, 0) for status in Message.OPEN)

    @property
    def settled(self) -> int:
        return self.total - self.open


def counts_of(issue: Issue) -> Counts:
    """Exactly and now: candidates = accepted + skipped + refused + failed + uncertain + open."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"issue": issue.pk})
        by_status = {status: int(count) for status, count in cursor.fetchall()}
    return Counts(by_status, _rate(issue))


def _rate(issue: Issue) -> float:
    now = timezone.now()
    since = max(now - RATE_SPAN, issue.frozen_at or now - RATE_SPAN)
    lately = LetterCountDelta.objects.filter(issue=issue, at__gte=since).exclude(status__in=NOT_SENT)
    settled = sum(lately.values_list("amount", flat=True))
    return max(0, settled) / max((now - since).total_seconds(), 1)


@transaction.atomic
def sum_up() -> int:
    """Sum notes older than RATE_SPAN. How many there were; 0 also where another job is at it."""
    with connection.cursor() as cursor:
        cursor.execute(TRY_TO_BE_ALONE)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(SUM_UP, [timezone.now() - RATE_SPAN])
        return int(cursor.fetchone()[0])
