"""Districts of those who confirmed while look-ups were off: filled in when they are on again, in slices."""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from petitions import districts, surge, tallies
from petitions.models import Signature, Surge

SPAN = 5000  # keys that a part looks at
TURN = 5.0  # seconds
SETTLED = timedelta(seconds=2 * surge.KEPT)  # until then a process may not know that look-ups are on again
FOUND = ("district", "district_how", "district_congress")


def fill_in(*, seconds: float = TURN) -> int:
    """Look up the districts of confirmed signatures that have none, as far as the time goes. How many were."""
    ends, filled = time.monotonic() + seconds, 0
    while time.monotonic() < ends and surge.switches().looks_up_districts:
        more = _part()
        if more is None:
            break
        filled += more
    return filled


@transaction.atomic
def _part() -> int | None:
    """The next span of keys. None where nothing is left, or another worker is at it."""
    row = Surge.objects.select_for_update(skip_locked=True).filter(fills_in_after__isnull=False).first()
    if row is None or row.fills_in_after is None or not row.looks_up_districts:
        return None
    if timezone.now() - row.changed_at < SETTLED:
        return None
    after, last = row.fills_in_after, Signature.objects.aggregate(last=Max("pk"))["last"] or 0
    if after >= last:
        Surge.objects.update(fills_in_after=None)
        return None
    span = Signature.objects.counting().filter(pk__gt=after, pk__lte=after + SPAN, district_how="")
    signatures = list(span.select_for_update().order_by("pk"))
    found = {zip_code: districts.find(zip_code) for zip_code in {signature.zip_code for signature in signatures}}
    for signature in signatures:
        before, place = tallies.parts_of(signature), found[signature.zip_code]
        signature.district, signature.district_how = place.district, place.how
        signature.district_congress = place.congress if place.district else None
        signature.save(update_fields=FOUND)
        tallies.note_moved(before=before, after=signature)
    Surge.objects.update(fills_in_after=min(after + SPAN, last))
    return len(signatures)
