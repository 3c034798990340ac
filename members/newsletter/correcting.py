"""A fix after sending: the archive shows it with a note, and everybody whose letter has not left gets it."""

from django.contrib.auth.models import User
from django.db import connection, transaction

from csan.lib import audit
from members.models import Correction, Issue, Message, Rendition
from members.newsletter import audiences
from members.newsletter.contents import items_of
from members.newsletter.controls import WrongState
from members.newsletter.freezing import render_revision
from members.newsletter.rendering import digest_of

# Letters in a sender's hands leave as they are.
REPOINT = """
    UPDATE members_message letter SET rendition_id = fixed.id
    FROM members_rendition old
    JOIN members_rendition fixed ON fixed.issue_id = old.issue_id AND fixed.language = old.language
        AND fixed.variant = old.variant AND fixed.revision = %s AND NOT fixed.is_test
    WHERE letter.issue_id = %s AND letter.lane = %s AND letter.status = %s AND letter.rendition_id = old.id
        AND old.id <> fixed.id
"""


class NothingChanged(Exception):
    """The issue says what its newest revision says."""


class NewForSome(Exception):
    """An item for some readers was added after freezing; who gets which letter is fixed."""


def is_changed(issue: Issue) -> bool:
    """Whether a frozen issue was edited since its newest revision."""
    return issue.is_frozen and newest(issue) not in ("", digest_of(issue))


def newest(issue: Issue) -> str:
    """The digest of what readers see now; empty for issues from before it was kept."""
    found = Rendition.objects.filter(issue=issue, is_test=False).order_by("-revision", "-pk").first()
    return found.digest if found else ""


@transaction.atomic
def correct(*, issue: Issue, by: User, note: str, note_es: str = "") -> int:
    """Publish what was edited since the issue was frozen. How many letters that wait will carry it.

    Raises WrongState before it is frozen or after it was cancelled, NothingChanged, NewForSome, Unsendable.
    """
    frozen = Issue.objects.select_for_update().get(pk=issue.pk)
    if not frozen.is_frozen or frozen.status == Issue.Status.CANCELLED:
        raise WrongState
    if newest(frozen) == digest_of(frozen):
        raise NothingChanged
    if any(item.pk not in frozen.frozen_blocks for item in audiences.for_some(items_of(frozen))):
        raise NewForSome
    pairs = list(
        Rendition.objects.filter(issue=frozen, revision=frozen.revision, is_test=False)
        .values_list("language", "variant")
        .order_by("pk")
    )
    frozen.revision += 1
    frozen.save(update_fields=["revision"])
    render_revision(frozen, pairs)
    Correction.objects.create(issue=frozen, revision=frozen.revision, note=note, note_es=note_es, by=by)
    with connection.cursor() as cursor:
        cursor.execute(REPOINT, [frozen.revision, frozen.pk, Message.Lane.BULK, Message.Status.QUEUED])
        count: int = cursor.rowcount
    audit.record(by=by, objects=[frozen], did="Corrected", letters_still_to_go=count)
    return count
