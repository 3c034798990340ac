"""An issue on its way: at once, without the days that lead there, or step by step."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from members import newsletter
from members.models import Issue
from tests.members.factories import IssueFactory, StaffFactory


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


def ready_issue(**values: Any) -> Issue:
    """A draft that nothing stands in the way of: in both languages, and looked at in a test."""
    words = {
        "subject_es": "Buenos empleos y más",
        "intro_es": "<p>Queridas amigas: <strong>las noticias</strong>.</p>",
    }
    return looked_at(IssueFactory(**{**words, **values}))


def looked_at(issue: Issue) -> Issue:
    """The issue, after its editor has had a test of it in each language."""
    editor = StaffFactory()
    for language in ("en", "es"):
        newsletter.send_test(issue=issue, by=editor, language=language)
    return issue


def approved_issue(**values: Any) -> Issue:
    """A ready issue that one asked for a review of, and another approved."""
    issue = ready_issue(**values)
    newsletter.request_review(issue=issue, by=StaffFactory())
    newsletter.approve(issue=issue, by=StaffFactory(), digest=newsletter.digest_of(issue))
    issue.refresh_from_db()
    return issue


def scheduled_issue(**values: Any) -> Issue:
    """An approved issue whose time has just come."""
    issue = newsletter.schedule(issue=approved_issue(**values), by=StaffFactory())
    Issue.objects.filter(pk=issue.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))
    issue.refresh_from_db()
    return issue
