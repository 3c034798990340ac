"""An issue's way: draft → sending ⇄ paused → sent | needs attention | cancelled.

Freezing fixes words and recipients in one transaction; from then on nothing that staff edit changes what goes out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from csan.lib import audit
from csan.lib.mail import BrokenSkeleton, common_values, render_parts
from csan.lib.mail.skeleton import hole
from csan.lib.urls import absolute
from members import issue_days, outbox
from members.models import Issue, Message, Post, Rendition, Subscription

RATE_SPAN = timedelta(seconds=60)  # over which the rate of sending is measured
EARLY = timedelta(days=14)  # an issue that goes out so long before its day still names the one after it

FREEZE = """
    INSERT INTO members_message (
        key, lane, status, "to", email_key, language, template, context, rendition_id, issue_id, subscription_id,
        available_at, attempts, settled_at, reason, provider_id, delivery, created_at
    )
    SELECT
        'issue:' || %(issue)s || ':' || person.id, %(bulk)s,
        CASE WHEN suppression.id IS NULL THEN %(queued)s ELSE %(skipped)s END,
        person.email, person.email_key, person.language, '', jsonb_build_object('key', subscription.key),
        rendition.id, %(issue)s, subscription.id, now(), 0,
        CASE WHEN suppression.id IS NOT NULL THEN now() END,
        CASE WHEN suppression.id IS NULL THEN '' ELSE 'suppressed: ' || suppression.reason END,
        '', '', now()
    FROM members_subscription subscription
    JOIN members_person person ON person.id = subscription.person_id
    JOIN members_rendition rendition
        ON rendition.issue_id = %(issue)s AND rendition.language = person.language AND NOT rendition.is_test
    LEFT JOIN members_suppression suppression ON suppression.email_key = person.email_key
    WHERE subscription.status = %(active)s
    ORDER BY subscription.id
    ON CONFLICT (key) DO NOTHING
"""


class NotADraft(Exception):
    """The issue has been frozen already; somebody was faster."""


class WrongState(Exception):
    """The issue is not in a state from which this step is possible."""


class NobodyToSendTo(Exception):
    """There is no active subscriber; the issue stays a draft."""


class Unsendable(Exception):
    """The issue's words cannot be made into a letter; the text says why."""


def next_number() -> int:
    """The number a new issue gets."""
    return (Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def render(issue: Issue, language: str) -> Rendition:
    """The issue's words in a language, not saved. Each person's key is a hole in its links."""
    posts = [item.post for item in issue.items.select_related("post").order_by("position", "pk")]
    following = issue_days.next_issue_on(timezone.localdate() + EARLY)
    return compose(issue=issue, posts=posts, language=language, next_issue_on=following)


def compose(*, issue: Issue, posts: Sequence[Post], language: str, next_issue_on: date | None = None) -> Rendition:
    """The issue with these posts, in a language; nothing of it is looked up, nothing saved."""
    with translation.override(language):
        context = {
            **common_values(language),
            "issue": issue,
            "subject": issue.local_subject,
            "intro": issue.local_intro,
            "posts": posts,
            "next_issue_on": next_issue_on,
            "base_url": settings.BASE_URL,
            "browser_url": absolute(reverse("members:issue", args=[issue.number])),
            "unsubscribe_url": absolute(reverse("members:unsubscribe", args=[hole("key")])),
            "preferences_url": absolute(reverse("members:preferences", args=[hole("key")])),
        }
        text, html = render_parts("members/issue", context)
        return Rendition(issue=issue, language=language, subject=issue.local_subject, text=text, html=html)


@transaction.atomic
def send_test(*, issue: Issue, by: User, language: str = "en") -> None:
    """The issue as it stands, to the person at the keyboard; through the same outbox as everything."""
    rendition = render(issue, language)
    rendition.is_test = True
    rendition.subject = f"[Test] {rendition.subject}"
    rendition.save()
    _check_skeleton(rendition)
    outbox.enqueue_rendition(key=f"issue:{issue.pk}:test:{rendition.pk}", rendition=rendition, to=by.email)
    audit.record(by=by, objects=[issue], did="Sent a test")


def _check_skeleton(rendition: Rendition) -> None:
    try:
        outbox.skeleton_of(rendition.pk)
    except BrokenSkeleton as error:
        raise Unsendable(str(error)) from error


@transaction.atomic
def send_issue(*, issue: Issue, by: User) -> Issue:
    """Freeze the issue and start sending it.

    Raises NotADraft for a second press, NobodyToSendTo without subscribers, Unsendable for broken words.
    """
    now = timezone.now()
    if not Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT).update(
        status=Issue.Status.SENDING, frozen_at=now, frozen_by=by
    ):
        raise NotADraft
    issue.refresh_from_db()
    for language, _ in settings.LANGUAGES:
        rendition = render(issue, language)
        rendition.save()
        _check_skeleton(rendition)
    values: dict[str, str | int] = {
        "issue": issue.pk,
        "bulk": Message.Lane.BULK,
        "queued": Message.Status.QUEUED,
        "skipped": Message.Status.SKIPPED,
        "active": Subscription.Status.ACTIVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, values)
        candidates = cursor.rowcount
    if not candidates:
        raise NobodyToSendTo
    Issue.objects.filter(pk=issue.pk).update(candidates=candidates)
    audit.record(by=by, objects=[issue], did="Frozen and sent")
    transaction.on_commit(outbox.ring)
    issue.refresh_from_db()
    return issue


def pause(*, issue: Issue, by: User) -> None:
    """Stop after the letters in hand, within seconds. Raises WrongState."""
    _move(issue, by, Issue.Status.PAUSED, allowed=[Issue.Status.SENDING], did="Paused")


def resume(*, issue: Issue, by: User) -> None:
    """Go on where it stopped. Raises WrongState."""
    _move(issue, by, Issue.Status.SENDING, allowed=[Issue.Status.PAUSED], did="Resumed")


@transaction.atomic
def _move(issue: Issue, by: User, status: str, *, allowed: Iterable[str], did: str) -> None:
    if not Issue.objects.filter(pk=issue.pk, status__in=list(allowed)).update(status=status):
        raise WrongState
    audit.record(by=by, objects=[issue], did=did)
    transaction.on_commit(outbox.ring)


@transaction.atomic
def cancel(*, issue: Issue, by: User) -> None:
    """Never send the letters that still wait; those that went, went. Raises WrongState."""
    stoppable = [Issue.Status.SENDING, Issue.Status.PAUSED]
    now = timezone.now()
    if not Issue.objects.filter(pk=issue.pk, status__in=stoppable).update(
        status=Issue.Status.CANCELLED, finished_at=now
    ):
        raise WrongState
    skip_waiting(issue, "the issue was cancelled")
    audit.record(by=by, objects=[issue], did="Cancelled")


def skip_waiting(issue: Issue, reason: str) -> None:
    """Settle the letters of an issue that nobody holds."""
    Message.objects.filter(issue=issue, lane=Message.Lane.BULK, status=Message.Status.QUEUED).update(
        status=Message.Status.SKIPPED, reason=reason, settled_at=timezone.now()
    )


@transaction.atomic
def finish_issues() -> None:
    """Issues with no letter open are done: sent, or in need of attention while letters are in doubt."""
    reopen_issues()
    given_back = Exists(letters_of_issue([Message.Status.QUEUED]))
    for issue in Issue.objects.filter(given_back, status=Issue.Status.CANCELLED):
        skip_waiting(issue, "the issue was cancelled")  # a sender held them when it was cancelled
    for issue in Issue.objects.filter(status=Issue.Status.SENDING):
        letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK)
        if letters.open().exists():
            continue
        in_doubt = letters.filter(status=Message.Status.UNCERTAIN).exists()
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
def settle_doubts(*, issue: Issue, by: User, send_again: bool) -> int:
    """Staff settle the issue's uncertain letters, all one way. How many there were."""
    letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK)
    count = outbox.resolve_uncertain(letters=letters, by=by, send_again=send_again)
    reopen_issues()
    transaction.on_commit(outbox.ring)
    return count


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
