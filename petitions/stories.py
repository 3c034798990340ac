"""Signers' comments on the petition's page: staff choose which, the signer chose whether with the name."""

from collections.abc import Container
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from csan.lib import audit
from csan.lib.cities import city_and_state, zip_codes_of_city
from petitions.models import Petition, Signature

SHOWN = 6  # on a petition's page
FEWEST = 5  # signers who share a place, or it would point to one of them


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
    rows = _hold(hidden, signatures)
    for row in rows:
        row.story_shown_at, row.story_place = timezone.now(), _place_of(row)
    Signature.objects.bulk_update(rows, ["story_shown_at", "story_place"])
    audit.record(by=by, objects=rows, did="Showed the comment on the petition's page")
    return len(rows)


@transaction.atomic
def hide_stories(*, signatures: QuerySet[Signature], by: User) -> int:
    """Take comments off the page. How many were changed."""
    rows = _hold(Signature.objects.filter(story_shown_at__isnull=False), signatures)
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(story_shown_at=None, story_place="")
    audit.record(by=by, objects=rows, did="Stopped showing the comment on the petition's page")
    return len(rows)


def _hold(among: QuerySet[Signature], chosen: QuerySet[Signature]) -> list[Signature]:
    # Locked, so that a withdrawal or a correction under way is over before we look.
    return list(among.filter(pk__in=list(chosen.values_list("pk", flat=True))).select_for_update().order_by("pk"))


def _place_of(signature: Signature) -> str:
    """The city or the district that the signer wants to be named with; empty where too few share it.

    Counted once, when staff choose the comment: a look through all signatures, which no page could afford.
    """
    alike = Signature.objects.counting().filter(petition=signature.petition_id, state=signature.state)
    if signature.shown_as == Signature.ShownAs.WORKER:
        place, alike = signature.district, alike.filter(district=signature.district)
    elif signature.shown_as == Signature.ShownAs.CITY and signature.show_name:
        place = city_and_state(signature.zip_code)
        five = alike.annotate(five=Left("zip_code", 5))
        alike = five.filter(five__in=zip_codes_of_city(place)) if place else alike
    else:
        return ""
    return place if place and alike[:FEWEST].count() >= FEWEST else ""
