"""A signer whose ZIP code lies in several districts says who represents them, or that they are not sure."""

from django.db import transaction

from petitions import districts, tallies
from petitions.models import Signature

UNSURE = "unsure"
How = Signature.DistrictHow
# Where there is something to choose; what the ZIP code tells by itself is not asked.
OPEN = (How.SPLIT, How.UNSURE, How.CHOSEN)


class NotACandidate(Exception):
    """The district is none of those that the ZIP code may lie in."""


def candidates(signature: Signature) -> tuple[str, ...]:
    """The districts to choose from; none where there is nothing to choose."""
    if signature.status != Signature.Status.CONFIRMED or signature.district_how not in OPEN:
        return ()
    found = districts.find(signature.zip_code)
    return found.candidates if found.how == How.SPLIT else ()


@transaction.atomic
def choose_district(*, signature: Signature, district: str) -> Signature:
    """Keep what the signer chose: a district's code, or UNSURE. Raises NotACandidate."""
    held = Signature.objects.select_for_update().get(pk=signature.pk)
    if district != UNSURE and district not in candidates(held):
        raise NotACandidate(district)
    if district == UNSURE and held.district_how not in OPEN:
        return held
    before = tallies.parts_of(held)
    if district == UNSURE:
        held.district, held.district_how = "", How.UNSURE
    else:
        held.district, held.district_how = district, How.CHOSEN
    held.district_congress = districts.find(held.zip_code).congress  # also of the unsure: asked anew by new lines
    if held.shown_as == Signature.ShownAs.WORKER:
        held.story_place = ""  # it named the district they were in
    held.save(update_fields=["district", "district_how", "district_congress", "story_place"])
    if held.status == Signature.Status.CONFIRMED:
        tallies.note_moved(before=before, after=held)
    return held
