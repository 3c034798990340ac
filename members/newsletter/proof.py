"""How far an issue has come, and the proof of who got it.

Candidates = accepted + skipped (with the reason) + refused + failed + uncertain, and those still open.
"""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from csan.lib import audit
from csan.lib.addresses import InvalidAddress, email_key, normalise
from members import outbox
from members.models import Issue, Message, Person, Subscription
from members.newsletter.controls import WrongState, letters_of
from members.newsletter.freezing import add_recipients


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
    """Exact at any moment, and as cheap for a million letters as for ten."""
    counts = outbox.counts_of(issue)
    return Progress(issue.candidates, counts.by_status, counts.rate)


def reasons(issue: Issue) -> list[tuple[str, str, int]]:
    """Why letters were skipped, refused or failed: status, reason, how many; the most frequent first."""
    rows = (
        letters_of(issue)
        .filter(status__in=[Message.Status.SKIPPED, Message.Status.REFUSED, Message.Status.FAILED])
        .values_list("status", "reason")
        .annotate(count=Count("pk"))
        .order_by("-count", "reason")
    )
    return [(str(Message.Status(status).label), reason, count) for status, reason, count in rows[:50]]


@dataclass(frozen=True)
class Trace:
    """What became of one person's copy; `message` is None where there is none, and `words` say why."""

    words: str
    message: Message | None = None


def trace(issue: Issue, email: str) -> Trace:
    """Did they get it? In one sentence."""
    try:
        person = Person.objects.filter(email_key=email_key(normalise(email))).first()
    except InvalidAddress:
        return Trace("That is no e-mail address.")
    if person is None:
        return Trace("We do not know this address.")
    letter = Message.objects.filter(key=f"issue:{issue.pk}:{person.pk}").first()
    return Trace(_said_of(letter), letter) if letter else Trace(_why_not(person))


def _said_of(letter: Message) -> str:
    at = letter.settled_at and timezone.localtime(letter.settled_at).strftime("%B %-d, %H:%M")
    match letter.status:
        case Message.Status.ACCEPTED:
            heard = f" Since then: {letter.get_delivery_display()}." if letter.delivery else ""
            return f"Yes: the mail service took it on {at}.{heard}"
        case Message.Status.QUEUED | Message.Status.CLAIMED:
            return "Not yet: it waits for its turn."
        case Message.Status.UNCERTAIN:
            return f"Uncertain since {at}: {letter.reason}."
    return f"No, {letter.get_status_display()} on {at}: {letter.reason}."


def _why_not(person: Person) -> str:
    subscription = Subscription.objects.filter(person=person).first()
    if subscription is None:
        return "No: this person is not subscribed."
    if subscription.status == Subscription.Status.PENDING:
        return "No: this person has not confirmed their address yet."
    if subscription.status == Subscription.Status.UNSUBSCRIBED:
        return "No: this person had left the newsletter."
    return "No: this person joined after the issue was frozen. You can send it to those who were missed."


@dataclass(frozen=True)
class Missed:
    """Who could still be sent a frozen issue: subscribed since then, or their letter was given up."""

    joined: int
    failed: int

    @property
    def total(self) -> int:
        return self.joined + self.failed


def missed(issue: Issue) -> Missed:
    """Who was missed. Letters that were refused, or that may have gone, are not among them."""
    return Missed(_joined_since(issue).count(), outbox.counts_of(issue).by_status.get(Message.Status.FAILED, 0))


def _joined_since(issue: Issue) -> QuerySet[Subscription]:
    joined = Subscription.objects.active().filter(confirmed_at__gte=issue.frozen_at)
    return joined.exclude(Exists(letters_of(issue).filter(subscription=OuterRef("pk"))))


@transaction.atomic
def send_to_missed(*, issue: Issue, by: User) -> int:
    """Send it to those who were missed, as it stands in its newest revision. How many. Raises WrongState."""
    reopened = Issue.objects.filter(pk=issue.pk, status__in=[Issue.Status.SENT, Issue.Status.ATTENTION]).update(
        status=Issue.Status.SENDING, finished_at=None
    )
    if not reopened:
        raise WrongState
    issue.refresh_from_db()
    # Held, so that nobody is erased before their letter can be seen; who was faster is not among them any more.
    list(_joined_since(issue).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    added = add_recipients(issue)
    again = outbox.send_failed_again(letters_of(issue))
    Issue.objects.filter(pk=issue.pk).update(candidates=outbox.counts_of(issue).total)
    audit.record(by=by, objects=[issue], did="Sent to those who were missed", people=added + again)
    transaction.on_commit(outbox.ring)
    return added + again
