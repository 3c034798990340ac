"""What goes wrong while an issue leaves, in numbers, and when that is enough to stop it.

The limits are those at which mail services begin to distrust a sender: Amazon reviews accounts at 5 % bounces and
0.1 % complaints; Gmail asks for less than 0.1 % complaints.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef

from members import outbox
from members.models import Issue, Message, Suppression

MOST_BOUNCED = 0.02  # of the letters that were accepted
MOST_COMPLAINED = 0.001
MOST_REFUSED = 0.05  # of those that were handed over
MOST_IN_A_ROW = 20
FEWEST = 50  # letters, under which a share says nothing
BAD = (Message.Status.REFUSED, Message.Status.FAILED, Message.Status.UNCERTAIN)


@dataclass(frozen=True)
class Faults:
    """Counts of an issue's letters so far. `in_a_row`: bad ends since the last letter that was accepted."""

    accepted: int = 0
    bounced: int = 0
    complained: int = 0
    refused: int = 0
    handed_over: int = 0
    in_a_row: int = 0

    def as_data(self) -> dict[str, int]:
        """For a JSON column."""
        return asdict(self)

    def since(self, known: dict[str, Any]) -> "Faults":
        """What has come since staff knew of the others."""
        before = Faults(**known) if known else Faults()
        return Faults(
            self.accepted - before.accepted,
            self.bounced - before.bounced,
            self.complained - before.complained,
            self.refused - before.refused,
            self.handed_over - before.handed_over,
            self.in_a_row - (before.in_a_row if self.accepted == before.accepted else 0),
        )


def faults_of(issue: Issue) -> Faults:
    """Counted from the letters' rows."""
    letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK)
    counts = outbox.counts_of(issue).by_status
    accepted = counts.get(Message.Status.ACCEPTED, 0)
    dead = Suppression.objects.filter(email_key=OuterRef("email_key"), reason=Suppression.Reason.BOUNCED)
    return Faults(
        bounced=letters.filter(Exists(dead), delivery=Message.Delivery.BOUNCED).count(),
        complained=letters.filter(delivery=Message.Delivery.COMPLAINED).count(),
        in_a_row=_in_a_row(issue),
        accepted=accepted,
        refused=counts.get(Message.Status.REFUSED, 0),
        handed_over=accepted + sum(counts.get(status, 0) for status in BAD),
    )


def _in_a_row(issue: Issue) -> int:
    letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK)
    last: datetime | None = letters.filter(status=Message.Status.ACCEPTED).aggregate(at=Max("settled_at"))["at"]
    bad = letters.filter(status__in=BAD)
    return (bad.filter(settled_at__gt=last) if last else bad).count()


def reason_to_stop(faults: Faults) -> str:
    """Why the issue must not go on, in words for its editor; empty while nothing is wrong."""
    if faults.in_a_row >= MOST_IN_A_ROW:
        return f"The last {faults.in_a_row} letters all failed. The mail service may be refusing us."
    if faults.handed_over < FEWEST:
        return ""
    if faults.accepted and faults.bounced / faults.accepted > MOST_BOUNCED:
        return _said(faults.bounced, faults.accepted, "bounced because the mailbox does not exist", "2 %")
    if faults.accepted and faults.complained / faults.accepted > MOST_COMPLAINED:
        return _said(faults.complained, faults.accepted, "were marked as spam by their readers", "0.1 %")
    if faults.refused / faults.handed_over > MOST_REFUSED:
        return _said(faults.refused, faults.handed_over, "were refused by the mail service", "5 %")
    return ""


def _said(bad: int, of: int, what: str, limit: str) -> str:
    return f"{bad} of {of} letters ({bad / of:.1%}) {what}; the limit is {limit}."
