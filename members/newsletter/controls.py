"""The brakes of an issue that is on its way: pause, resume, cancel; and what becomes of letters in doubt."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from csan.lib import audit
from members import outbox
from members.models import Issue, Message
from members.models.outbox import MessageQuerySet
from members.newsletter.faults import faults_of


class WrongState(Exception):
    """The issue is not in a state from which this step is possible."""


@transaction.atomic
def pause(*, issue: Issue, by: User | None, reason: str = "") -> None:
    """Stop after the letters in hand, within seconds. Raises WrongState."""
    if not Issue.objects.filter(pk=issue.pk, status__in=[Issue.Status.CANARY, Issue.Status.SENDING]).update(
        status=Issue.Status.PAUSED, pause_reason=reason
    ):
        raise WrongState
    audit.record(by=by, objects=[issue], did="Paused")


@transaction.atomic
def resume(*, issue: Issue, by: User) -> None:
    """Go on where it stopped; the faults so far are known and stop it no more. Raises WrongState."""
    known = faults_of(issue).as_data()
    paused = Issue.objects.filter(pk=issue.pk, status=Issue.Status.PAUSED)
    if not (
        paused.filter(canary_until=None).update(status=Issue.Status.SENDING, pause_reason="", tolerated=known)
        or paused.update(status=Issue.Status.CANARY, pause_reason="", tolerated=known)
    ):
        raise WrongState
    audit.record(by=by, objects=[issue], did="Resumed")
    transaction.on_commit(outbox.ring)


@transaction.atomic
def cancel(*, issue: Issue, by: User) -> None:
    """Never send the letters that still wait; those that went, went. Raises WrongState."""
    if not Issue.objects.filter(pk=issue.pk, status__in=Issue.UNDER_WAY).update(
        status=Issue.Status.CANCELLED, finished_at=timezone.now(), pause_reason=""
    ):
        raise WrongState
    skip_waiting(issue, "the issue was cancelled")
    audit.record(by=by, objects=[issue], did="Cancelled")


def skip_waiting(issue: Issue, reason: str) -> None:
    """Settle the letters of an issue that nobody holds."""
    letters_of(issue).filter(status=Message.Status.QUEUED).update(
        status=Message.Status.SKIPPED, reason=reason, settled_at=timezone.now()
    )


def letters_of(issue: Issue) -> MessageQuerySet:
    """The letters to its readers; tests are none of them."""
    return Message.objects.filter(issue=issue, lane=Message.Lane.BULK)


@transaction.atomic
def finish_issues() -> None:
    """Issues with no letter open are done: sent, or in need of attention while letters are in doubt."""
    reopen_issues()
    given_back = Exists(letters_of_issue([Message.Status.QUEUED]))
    for issue in Issue.objects.filter(given_back, status=Issue.Status.CANCELLED):
        skip_waiting(issue, "the issue was cancelled")  # a sender held them when it was cancelled
    for issue in Issue.objects.filter(status=Issue.Status.SENDING):
        if letters_of(issue).open().exists():
            continue
        in_doubt = letters_of(issue).filter(status=Message.Status.UNCERTAIN).exists()
        Issue.objects.filter(pk=issue.pk, status=Issue.Status.SENDING).update(
            status=Issue.Status.ATTENTION if in_doubt else Issue.Status.SENT, finished_at=timezone.now()
        )


def letters_of_issue(statuses: Iterable[str]) -> QuerySet[Message]:
    """The letters of the issue at hand that are in one of the statuses, for a subquery."""
    return Message.objects.filter(issue=OuterRef("pk"), lane=Message.Lane.BULK, status__in=list(statuses))


def reopen_issues() -> None:
    """An issue that needed attention goes on where a letter is to be sent again, or where no doubt is left."""
    Issue.objects.filter(
        Exists(letters_of_issue(Message.OPEN)) | ~Exists(letters_of_issue([Message.Status.UNCERTAIN])),
        status=Issue.Status.ATTENTION,
    ).update(status=Issue.Status.SENDING, finished_at=None)


@transaction.atomic
def settle_doubts(*, issue: Issue, by: User, send_again: bool, letter: int | None = None) -> int:
    """Staff settle the issue's uncertain letters, all one way or one `letter` by its pk. How many there were."""
    letters = letters_of(issue)
    chosen = letters if letter is None else letters.filter(pk=letter)
    count = outbox.resolve_uncertain(letters=chosen, by=by, send_again=send_again)
    reopen_issues()
    transaction.on_commit(outbox.ring)
    return count
