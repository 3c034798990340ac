"""Watching issues leave: the first letters, then the others; a stop by itself where too much goes wrong; the end."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from members import letters_to_staff, outbox
from members.models import Issue
from members.newsletter.controls import WrongState, finish_issues, letters_of, pause
from members.newsletter.faults import faults_of, reason_to_stop

logger = logging.getLogger(__name__)


def watch_issues() -> None:
    """What is done every few seconds. Doing it twice, or by two at once, does nothing twice."""
    for issue in Issue.objects.filter(status__in=[Issue.Status.CANARY, Issue.Status.SENDING]).select_related("editor"):
        if not stop_if_bad(issue) and issue.status == Issue.Status.CANARY:
            release_if_well(issue)
    finish_issues()


def stop_if_bad(issue: Issue) -> bool:
    """Pause an issue that too much goes wrong with, and tell its editor. Whether it was paused."""
    faults = faults_of(issue)
    reason = reason_to_stop(faults.since(issue.tolerated))
    if not reason:
        return False
    with suppress(WrongState), transaction.atomic():
        pause(issue=issue, by=None, reason=reason)
        logger.warning("Issue %s was paused by itself", issue.number)
        if issue.editor:
            letters_to_staff.paused_by_itself(issue, editor=issue.editor, reason=reason, occasion=faults.handed_over)
    return True


@transaction.atomic
def release_if_well(issue: Issue) -> bool:
    """Let all letters go, some time after the last of the first ones had left. Whether they were let go."""
    canary = Issue.objects.filter(pk=issue.pk, status=Issue.Status.CANARY)
    if letters_of(issue).open().filter(pk__lte=issue.canary_until).exists():
        return False
    now = timezone.now()
    canary.filter(canary_settled_at=None).update(canary_settled_at=now)
    wait = timedelta(seconds=settings.NEWSLETTER_CANARY_WAIT)
    released = canary.filter(canary_settled_at__lte=now - wait).update(status=Issue.Status.SENDING, canary_until=None)
    if released:
        transaction.on_commit(outbox.ring)
    return bool(released)
