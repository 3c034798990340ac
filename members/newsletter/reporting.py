"""The morning after: how an issue went, in five plain sentences, to those who made it."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from members import letters_to_staff, outbox
from members.models import Issue, Message, Subscription
from members.newsletter.approving import approval_of
from members.newsletter.controls import letters_of

MORNING = time(8)  # in the union's time zone


def send_reports() -> int:
    """Report every issue that was finished before today, once it is morning. How many. Doing it twice reports once."""
    now = timezone.localtime()
    if now.time() < MORNING:
        return 0
    midnight = timezone.make_aware(datetime.combine(now.date(), time()))
    over = Issue.objects.filter(
        status__in=[Issue.Status.SENT, Issue.Status.ATTENTION], finished_at__lt=midnight, reported_at=None
    )
    return sum(report(issue=issue) for issue in over)


@transaction.atomic
def report(*, issue: Issue) -> bool:
    """Tell its editor and its approver how it went. Whether that had not been done before."""
    if not Issue.objects.filter(pk=issue.pk, reported_at=None).update(reported_at=timezone.now()):
        return False
    for reader in readers_of(issue):
        letters_to_staff.report(issue, reader=reader, sentences=sentences(issue))
    return True


def readers_of(issue: Issue) -> list[User]:
    """Who made the issue: its editor, and who approved it."""
    approval = approval_of(issue)
    people = [issue.editor, approval.by if approval else None]
    return list(dict.fromkeys(person for person in people if person is not None))


def sentences(issue: Issue) -> list[str]:
    """Five: to how many, what became of the letters, what readers did, whom to ask for a new address, what to do."""
    counts = outbox.counts_of(issue).by_status
    return [_when(issue), _outcome(counts), _readers(issue), _bounces(issue), _to_do(issue, counts)]


def _when(issue: Issue) -> str:
    assert issue.frozen_at
    begun, ended = timezone.localtime(issue.frozen_at), timezone.localtime(issue.finished_at or timezone.now())
    until = ended.strftime("%H:%M") if begun.date() == ended.date() else ended.strftime("%B %-d, %H:%M")
    return (
        f"No. {issue.number}, “{issue.subject}”, went out to {_people(issue.candidates)} on "
        f"{begun.strftime('%B %-d')} between {begun.strftime('%H:%M')} and {until}."
    )


def _outcome(counts: dict[str, int]) -> str:
    told = [
        f"{counts[status]:,} {word}"
        for status, word in (
            (Message.Status.SKIPPED, "were skipped because they had left or cannot be written to"),
            (Message.Status.REFUSED, "were refused"),
            (Message.Status.FAILED, "failed"),
            (Message.Status.UNCERTAIN, "are uncertain"),
        )
        if counts.get(status)
    ]
    rest = f"; {', '.join(told)}" if told else ", every one of them"
    return f"{counts.get(Message.Status.ACCEPTED, 0):,} letters were taken by the mail service{rest}."


def _readers(issue: Issue) -> str:
    total = issue.links.aggregate(people=Sum("people"))["people"] or 0
    left = Subscription.objects.filter(
        unsubscribed_at__gte=issue.frozen_at,
        unsubscribed_at__lt=(issue.finished_at or timezone.now()) + timedelta(days=1),
    ).count()
    gone = f"{_people(left)} left the newsletter" if left else "nobody left the newsletter"
    if not total:
        return f"No link has been followed yet, and {gone}."
    first = issue.links.order_by("-people", "pk")[0]
    return f"Its links were followed {total:,} times, most often {first.url} ({first.people:,}), and {gone}."


def _bounces(issue: Issue) -> str:
    bounced = letters_of(issue).filter(delivery=Message.Delivery.BOUNCED)
    count = bounced.count()
    if not count:
        return "No letter has bounced."
    locals_ = (
        bounced.filter(~Q(subscription__person__local=None))
        .values_list("subscription__person__local__affiliate", "subscription__person__local__number")
        .annotate(count=Count("pk"))
        .order_by("-count")[:3]
    )
    named = ", ".join(f"{affiliate} Local {number} ({many})" for affiliate, number, many in locals_)
    where = f" Ask for new addresses in {named}." if named else ""
    return f"{count:,} {'letter' if count == 1 else 'letters'} bounced.{where}"


def _to_do(issue: Issue, counts: dict[str, int]) -> str:
    if counts.get(Message.Status.UNCERTAIN):
        return "Please look at the uncertain letters, one by one, and say what becomes of them."
    complaints = letters_of(issue).filter(delivery=Message.Delivery.COMPLAINED).count()
    if complaints:
        return f"{_people(complaints)} marked it as spam; we never write to them again."
    return "There is nothing that you need to do."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
