"""When an approved issue goes out: never at once, so that somebody can still press Stop."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit
from members import letters_to_staff
from members.models import Issue
from members.newsletter import gate
from members.newsletter.approving import approval_of, withdraw_approval
from members.newsletter.audiences import TooManyVariants, UnknownAudience
from members.newsletter.controls import WrongState
from members.newsletter.freezing import NobodyToSendTo, freeze_issue
from members.newsletter.rendering import Unsendable, digest_of

logger = logging.getLogger(__name__)

# An issue whose time passed so long ago, as nothing ran, is not sent into the night: its editor decides again.
TOO_LATE = timedelta(hours=6)


class NotApproved(Exception):
    """What stands there is not what was approved."""


@transaction.atomic
def schedule(*, issue: Issue, by: User, at: datetime | None = None) -> Issue:
    """Send it at a moment, or as soon as may be: not before the hold has passed in which it can be stopped.

    Raises WrongState, NotApproved, and Blocked where the gate would not let it pass at that moment.
    """
    soonest = timezone.now() + timedelta(seconds=settings.NEWSLETTER_HOLD)
    when = max(at, soonest) if at else soonest
    approved = Issue.objects.select_for_update().filter(pk=issue.pk, status=Issue.Status.APPROVED).first()
    if approved is None:
        raise WrongState
    require_approval(approved)
    gate.require(approved, at=when)
    Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.SCHEDULED, scheduled_for=when, editor=by)
    audit.record(by=by, objects=[approved], did="Scheduled", at=timezone.localtime(when).isoformat(timespec="minutes"))
    approved.refresh_from_db()
    return approved


def require_approval(issue: Issue) -> None:
    """Raises NotApproved where nobody's yes stands, or where it was to other words."""
    approval = approval_of(issue)
    if approval is None or approval.digest != digest_of(issue):
        raise NotApproved


@transaction.atomic
def stop(*, issue: Issue, by: User) -> None:
    """Do not send it; it stays approved. Raises WrongState where it has left already."""
    if not Issue.objects.filter(pk=issue.pk, status=Issue.Status.SCHEDULED).update(
        status=Issue.Status.APPROVED, scheduled_for=None
    ):
        raise WrongState
    audit.record(by=by, objects=[issue], did="Stopped before it left")


def send_due() -> int:
    """Freeze every issue whose time has come. How many. What stands in the way goes to its editor, in words."""
    due = Issue.objects.filter(status=Issue.Status.SCHEDULED, scheduled_for__lte=timezone.now())
    return sum(_send_if_due(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _send_if_due(pk: int) -> bool:
    """One issue; another worker that has it in hand is left alone."""
    now = timezone.now()
    due = Issue.objects.filter(pk=pk, status=Issue.Status.SCHEDULED, scheduled_for__lte=now)
    issue = due.select_for_update(skip_locked=True).first()
    if issue is None:
        return False
    reason = _reason_not_to(issue, now)
    if not reason:
        try:
            with transaction.atomic():
                freeze_issue(issue=issue)
            return True
        except NobodyToSendTo:
            reason = "Nobody is subscribed, so there is nobody to send it to."
        except TooManyVariants:
            reason = "Its items for some readers make too many different letters."
        except (Unsendable, UnknownAudience) as error:
            reason = str(error)
    _hand_back(issue, reason)
    return False


def _reason_not_to(issue: Issue, now: datetime) -> str:
    """Why an issue that is due must not go, in words; empty where nothing is against it."""
    assert issue.scheduled_for
    if now - issue.scheduled_for > TOO_LATE:
        return "Its time passed long ago, while nothing was running. Choose another one."
    try:
        require_approval(issue)
        gate.require(issue, at=now)
    except NotApproved:
        withdraw_approval(issue)
        Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.DRAFT, scheduled_for=None)
        return "Something in it was changed after it had been approved. It is a draft again."
    except gate.Blocked as error:
        return str(error)
    return ""


def _hand_back(issue: Issue, reason: str) -> None:
    """It did not go: back to approved (or to draft, if it is there), and its editor is told why."""
    logger.warning("Issue %s was due and was not sent", issue.number)
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.SCHEDULED).update(
        status=Issue.Status.APPROVED, scheduled_for=None
    )
    if issue.editor:
        letters_to_staff.not_sent(issue, editor=issue.editor, reason=reason)
