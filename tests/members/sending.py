"""An issue on its way, without the days that lead there."""

from django.contrib.auth.models import User
from django.utils import timezone

from members import newsletter
from members.models import Issue


def send_issue(*, issue: Issue, by: User | None = None) -> Issue:
    """Freeze an issue as its time has come; nobody looked at it before. All letters go at once."""
    Issue.objects.filter(pk=issue.pk, frozen_at=None).update(
        status=Issue.Status.SCHEDULED, scheduled_for=timezone.now()
    )
    frozen = newsletter.freeze_issue(issue=issue, by=by)
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.CANARY).update(
        status=Issue.Status.SENDING, canary_until=None
    )
    frozen.refresh_from_db()
    return frozen
