"""Freezing: words and recipients fixed in one transaction; later edits change nothing that goes out."""

import math
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from csan.lib import audit
from members import outbox
from members.models import PUBLIC, Issue, Message
from members.newsletter import audiences, links
from members.newsletter.contents import items_of, languages
from members.newsletter.rendering import check_skeleton, digest_of, render

# Whose variant was not there when the renditions were made, as somebody has just moved, gets the plain one.
# In an order that has nothing to do with who subscribed when, so that the first letters are a fair sample.
MANY = 50_000  # letters at once, after which the database looks at their table anew
FREEZE = """
    INSERT INTO members_message (
        key, lane, status, "to", email_key, language, template, context, rendition_id, issue_id, subscription_id,
        available_at, attempts, settled_at, reason, provider_id, delivery, created_at
    )
    SELECT
        'issue:' || %s || ':' || reader.person_id, %s,
        CASE WHEN suppression.id IS NULL THEN %s ELSE %s END,
        person.email, person.email_key, person.language, '', jsonb_build_object('key', reader.key),
        coalesce(own.id, plain.id), %s, reader.id, now(), 0,
        CASE WHEN suppression.id IS NOT NULL THEN now() END,
        CASE WHEN suppression.id IS NULL THEN '' ELSE 'suppressed: ' || suppression.reason END,
        '', '', now()
    FROM ({readers}) AS reader
    JOIN members_person person ON person.id = reader.person_id
    JOIN members_rendition plain ON plain.issue_id = %s AND plain.language = person.language
        AND plain.variant = '0' AND plain.revision = %s AND NOT plain.is_test
    LEFT JOIN members_rendition own ON own.issue_id = %s AND own.language = person.language
        AND own.variant = reader.variant::text AND own.revision = %s AND NOT own.is_test
    LEFT JOIN members_suppression suppression ON suppression.email_key = person.email_key
    ORDER BY hashint8extended(reader.person_id, %s)
    ON CONFLICT (key) DO NOTHING
"""


class NotScheduled(Exception):
    """The issue is not waiting to be sent; somebody was faster, or it was stopped."""


class NobodyToSendTo(Exception):
    """There is no active subscriber; nothing was changed."""


@transaction.atomic
def freeze_issue(*, issue: Issue, by: User | None = None) -> Issue:
    """Freeze a scheduled issue and let its first letters go.

    Raises NotScheduled for a second call, NobodyToSendTo without subscribers, Unsendable for broken words,
    UnknownAudience and TooManyVariants for items whose readers cannot be told. Whatever it raises, nothing is changed.
    """
    items = items_of(issue)
    blocks = [item.pk for item in audiences.for_some(items)]
    if not Issue.objects.filter(pk=issue.pk, status=Issue.Status.SCHEDULED).update(
        status=Issue.Status.SENDING, frozen_at=timezone.now(), frozen_blocks=blocks
    ):
        raise NotScheduled
    issue.refresh_from_db()
    save_renditions(issue)
    candidates = add_recipients(issue)
    if not candidates:
        raise NobodyToSendTo
    Issue.objects.filter(pk=issue.pk).update(candidates=candidates)
    hold_back_all_but_the_first(issue, candidates)
    audit.record(by=by, objects=[issue], did="Frozen and sent")
    transaction.on_commit(outbox.ring)
    issue.refresh_from_db()
    return issue


def save_renditions(issue: Issue) -> None:
    """Every letter that somebody gets, the plain one, and the archive's page, in each language."""
    always = [(language, variant) for language in languages() for variant in (audiences.PLAIN, PUBLIC)]
    render_revision(issue, dict.fromkeys([*audiences.needed(items_of(issue)), *always]))


def render_revision(issue: Issue, pairs: Iterable[tuple[str, str]]) -> None:
    """The issue's revision in each language and variant, saved. Raises Unsendable."""
    digest = digest_of(issue)
    for language, variant in pairs:
        rendition = render(issue, language, variant)
        rendition.digest = digest
        if variant != PUBLIC:
            rendition.html = links.counted(issue, rendition.html)
        rendition.save()
        check_skeleton(rendition)


def add_recipients(issue: Issue) -> int:
    """A letter for everybody who is subscribed and has none of this issue yet. How many were written."""
    readers, params = (
        audiences.readers(items_of(issue)).values("id", "person_id", "key", "variant").query.sql_with_params()
    )
    values = [
        issue.pk, Message.Lane.BULK, Message.Status.QUEUED, Message.Status.SKIPPED, issue.pk, *params,
        *[issue.pk, issue.revision] * 2, issue.pk,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(readers=readers), values)
        count: int = cursor.rowcount
        if count >= MANY:
            cursor.execute("ANALYZE members_message")  # else staff pages are planned for the table as it was before
    return count


def hold_back_all_but_the_first(issue: Issue, candidates: int) -> None:
    """The first letters go alone, a sample large enough to show what mail services make of the issue."""
    first = max(settings.NEWSLETTER_CANARY, math.ceil(candidates * settings.NEWSLETTER_CANARY_SHARE))
    if not settings.NEWSLETTER_CANARY or first >= candidates:
        return
    waiting = Message.objects.filter(issue=issue, lane=Message.Lane.BULK, status=Message.Status.QUEUED)
    last = waiting.order_by("available_at", "id").values_list("pk", flat=True)[first - 1 : first].first()
    if last is not None:
        Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.CANARY, canary_until=last)
