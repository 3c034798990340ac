"""Signers' comments on the petition's page: staff choose which, the signer chose whether with the name."""

from collections.abc import Container
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit
from petitions.models import Petition, Signature

SHOWN = 6  # on a petition's page


@dataclass(frozen=True)
class Story:
    """A comment as the public reads it."""

    comment: str
    language: str
    name: str


def newest(petition: Petition, *, states: Container[str]) -> list[Story]:
    """The stories on a petition's page, the last one shown first.

    `states` are those whose number the public sees: from elsewhere come so few that the state would name the person.
    """
    rows = petition.signatures.stories().order_by("-story_shown_at", "-pk")[:SHOWN]
    return [Story(row.comment, row.language, row.story_name(tells_state=row.state in states)) for row in rows]


@transaction.atomic
def show_stories(*, signatures: QuerySet[Signature], by: User) -> int:
    """Show the comments; those without one, and those that do not count, are left out. How many were changed."""
    hidden = Signature.objects.counting().filter(story_shown_at=None).exclude(comment="")
    return _set(hidden, signatures, timezone.now(), by=by, did="Showed the comment on the petition's page")


@transaction.atomic
def hide_stories(*, signatures: QuerySet[Signature], by: User) -> int:
    """Take comments off the page. How many were changed."""
    shown = Signature.objects.filter(story_shown_at__isnull=False)
    return _set(shown, signatures, None, by=by, did="Stopped showing the comment on the petition's page")


def _set(among: QuerySet[Signature], chosen: QuerySet[Signature], moment: object, *, by: User, did: str) -> int:
    # Locked, so that a withdrawal or a correction under way is over before we look.
    rows = list(among.filter(pk__in=list(chosen.values_list("pk", flat=True))).select_for_update().order_by("pk"))
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(story_shown_at=moment)
    audit.record(by=by, objects=rows, did=did)
    return len(rows)
