"""How calls to Congress went, as callers tell: a number by office, day and outcome, and nothing about who called."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from csan.lib.rows import insert_unless_known
from petitions.models import CallTally, Legislator, Petition, Term


class NotInCongress(Exception):
    """Nobody of this number sits in Congress today."""


@transaction.atomic
def note_call(*, petition: Petition, bioguide: str, outcome: str) -> None:
    """Count one call more. Raises NotInCongress."""
    today = timezone.localdate()
    legislator = Legislator.objects.filter(
        bioguide=bioguide, pk__in=Term.objects.on(today).values("legislator")
    ).first()
    if legislator is None:
        raise NotInCongress(bioguide)
    call = CallTally(petition=petition, legislator=legislator, outcome=outcome, made_on=today)
    if not insert_unless_known(call):
        CallTally.objects.filter(petition=petition, legislator=legislator, outcome=outcome, made_on=today).update(
            count=F("count") + 1
        )
