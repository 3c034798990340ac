"""How far an issue has come, and the proof of who got it: candidates = accepted + skipped + refused + failed + uncertain."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from members.models import Issue, Message

RATE_SPAN = timedelta(seconds=60)  # over which the rate of sending is measured


@dataclass(frozen=True)
class Progress:
    """How far an issue has come. `counts` by status sum up to `candidates`; `rate` in letters a second."""

    candidates: int
    counts: dict[str, int] = field(default_factory=dict)
    rate: float = 0.0

    @property
    def settled(self) -> int:
        return self.candidates - sum(self.counts.get(status, 0) for status in Message.OPEN)

    @property
    def seconds_left(self) -> int | None:
        """None where the rate is not known yet."""
        return round((self.candidates - self.settled) / self.rate) if self.rate else None


def progress(issue: Issue) -> Progress:
    """Counted from the letters' own rows, never kept beside them."""
    letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK)
    since = timezone.now() - RATE_SPAN
    rows = letters.values("status").annotate(
        count=Count("pk"), recent=Count("pk", filter=Q(settled_at__gte=since) & ~Q(status=Message.Status.SKIPPED))
    )
    counts = {row["status"]: row["count"] for row in rows}
    span = min(RATE_SPAN, timezone.now() - issue.frozen_at) if issue.frozen_at else RATE_SPAN
    recent = sum(row["recent"] for row in rows)
    return Progress(issue.candidates, counts, recent / max(span.total_seconds(), 1))
