"""What members say about a petition, as staff hear it."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from csan.lib import audit
from petitions.models import Legislator, Petition, Position


@transaction.atomic
def note_position(
    *, petition: Petition, legislator: Legislator, stance: str, on: date, note: str = "", by: User
) -> Position:
    """A member said where they stand. What they said before stays in the history."""
    said = Position.objects.create(petition=petition, legislator=legislator, stance=stance, on=on, note=note, by=by)
    audit.record(by=by, objects=[said], did="Noted a position", petition=petition.slug)
    return said
