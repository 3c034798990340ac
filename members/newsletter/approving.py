"""A second pair of eyes: in review → approved, by somebody other than who asked; any edit withdraws it."""

import difflib
from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from csan.lib import audit
from members import letters_to_staff
from members.models import Approval, Issue
from members.newsletter import gate
from members.newsletter.controls import WrongState
from members.newsletter.rendering import digest_of, words_of

PERMISSION = "approve_issue"
CONTEXT = 2  # unchanged lines shown around a change


class SamePerson(Exception):
    """Who asked for the review cannot approve it."""


class ChangedMeanwhile(Exception):
    """The issue is not the one that the approver looked at."""


@dataclass(frozen=True)
class Line:
    """A line of a difference: `kept`, `added` or `removed`; `skipped` stands for lines left out."""

    kind: str
    words: str


@transaction.atomic
def touched(*, issue: Issue, by: User | None) -> None:
    """To be said of every edit: what was approved is not what stands there now. A frozen issue is not concerned."""
    if (
        Issue.objects.filter(pk=issue.pk, status__in=Issue.BEFORE)
        .exclude(status=Issue.Status.DRAFT)
        .update(status=Issue.Status.DRAFT, scheduled_for=None)
    ):
        withdraw_approval(issue)
        audit.record(by=by, objects=[issue], did="Edited, which withdrew its approval")


def withdraw_approval(issue: Issue) -> None:
    """Nobody's yes stands any more."""
    Approval.objects.filter(issue=issue, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def request_review(*, issue: Issue, by: User) -> int:
    """Ask a colleague to look. How many were written to, who may approve. Raises WrongState."""
    if not Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT).update(status=Issue.Status.REVIEW, editor=by):
        raise WrongState
    audit.record(by=by, objects=[issue], did="Asked for a review")
    colleagues = approvers().exclude(pk=by.pk)
    for colleague in colleagues:
        letters_to_staff.review_requested(issue, asked_by=by, colleague=colleague)
    return len(colleagues)


def approvers() -> QuerySet[User]:
    """Everybody on the staff who may approve an issue."""
    permission = Permission.objects.filter(codename=PERMISSION, content_type__app_label="members")
    return User.objects.filter(
        Q(is_superuser=True) | Q(user_permissions__in=permission) | Q(groups__permissions__in=permission),
        is_active=True,
        is_staff=True,
    ).distinct()


@transaction.atomic
def approve(*, issue: Issue, by: User, digest: str) -> Approval:
    """Say yes to the issue as `digest` names it, which is what the approver was shown.

    Raises WrongState, SamePerson, ChangedMeanwhile, and Blocked where the gate does not let it pass.
    """
    asked = Issue.objects.select_for_update().filter(pk=issue.pk, status=Issue.Status.REVIEW).first()
    if asked is None:
        raise WrongState
    if asked.editor_id == by.pk:
        raise SamePerson
    if digest != digest_of(asked):
        raise ChangedMeanwhile
    gate.require(asked, at=asked.planned_for)
    Issue.objects.filter(pk=asked.pk).update(status=Issue.Status.APPROVED)
    approval = Approval.objects.create(issue=asked, by=by, digest=digest, words=words_of(asked))
    audit.record(by=by, objects=[asked], did="Approved")
    if asked.editor:
        letters_to_staff.approved(asked, by=by, editor=asked.editor)
    return approval


@transaction.atomic
def send_back(*, issue: Issue, by: User, words: str = "") -> None:
    """Not yet: back to its editor, with what should change. Raises WrongState."""
    if not Issue.objects.filter(pk=issue.pk, status__in=[Issue.Status.REVIEW, Issue.Status.APPROVED]).update(
        status=Issue.Status.DRAFT
    ):
        raise WrongState
    withdraw_approval(issue)
    audit.record(by=by, objects=[issue], did="Sent back to its editor")
    issue.refresh_from_db()
    if issue.editor and issue.editor != by:
        letters_to_staff.sent_back(issue, by=by, editor=issue.editor, words=words)


def approval_of(issue: Issue) -> Approval | None:
    """The yes that stands."""
    return issue.approvals.filter(withdrawn_at=None).select_related("by").first()


def changes_since(issue: Issue, by: User | None = None) -> dict[str, list[Line]]:
    """By language: what differs from what this person approved last, or else anybody. Empty if nobody ever did."""
    approvals = issue.approvals.order_by("-approved_at")
    last = approvals.filter(by=by).first() or approvals.first()
    if last is None:
        return {}
    return {language: difference(last.words.get(language, ""), words) for language, words in words_of(issue).items()}


def difference(before: str, after: str) -> list[Line]:
    """Line by line, with a little of what stands around each change; empty where nothing differs."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for group in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(CONTEXT):
        if lines:
            lines.append(Line("skipped", "…"))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [Line("kept", words) for words in new[new_from:new_to]]
                continue
            lines += [Line("removed", words) for words in old[old_from:old_to]]
            lines += [Line("added", words) for words in new[new_from:new_to]]
    return lines
