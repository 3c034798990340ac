"""Districts of signatures, kept right in the background: those nobody looked up, and all after lines have changed.

What a signer chose stands while the lines of that state stand. When they change, what the ZIP code tells by the new
ones is taken where it is one district; where it is several, the signer is asked anew. Nothing is ever guessed.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from csan.lib import bell
from members import stepwise
from petitions import districts, surge, tallies
from petitions.models import District, DistrictReview, Petition, Redrawing, Signature

BELL = "petitions.tasks.review_districts"
BELL_FOR_MISSING = "petitions.tasks.look_up_districts"
ROWS_OF_A_PART = 500
TURN = 5.0  # seconds that a worker stays before other tasks get their turn
WRITTEN = ("district", "district_how", "district_congress")
How = Signature.DistrictHow
UNCERTAIN = [How.CHOSEN, How.SPLIT, How.UNSURE, How.REDRAWN, How.UNKNOWN]  # as the index of them says


class Told(NamedTuple):
    """What a signature keeps of its district, in the order of WRITTEN."""

    district: str
    how: str
    congress: int | None


@transaction.atomic
def begin_review(*, reason: str, congress: int) -> None:
    """Have every confirmed signature looked at anew, as lines have changed."""
    DistrictReview.objects.bulk_create([DistrictReview(reason=reason, congress=congress)], ignore_conflicts=True)
    bell.ring_on_commit(BELL)


def notice_new_congress() -> None:
    """When a new Congress has begun, look all signatures over once: some states may have been redrawn."""
    sitting = districts.congress_on(timezone.localdate())
    begun = DistrictReview.objects.filter(reason=DistrictReview.Reason.CONGRESS, congress=sitting)
    if not begun.exists() and District.objects.exists():
        begin_review(reason=DistrictReview.Reason.CONGRESS, congress=sitting)


@transaction.atomic
def look_up_missing() -> int:
    """Tell the districts of a part of the confirmed signatures that nobody has looked up. How many there were.

    Nothing while look-ups are switched off.
    """
    if not surge.switches().looks_up_districts:
        return 0
    missing = Signature.objects.counting().named().filter(district_how="").order_by("pk")
    numbers = list(missing.values_list("pk", flat=True)[:ROWS_OF_A_PART])
    _tell(numbers, redrawn=_redrawn())
    return len(numbers)


def work(seconds: float = TURN) -> bool:
    """Go on with reviews for about `seconds`. Whether there may be more to do now."""
    return stepwise.work_through(DistrictReview.objects.due, step, seconds=seconds)


@transaction.atomic
def step(pk: int) -> bool:
    """One part of one review. False where another worker has it, or it is through."""
    review = DistrictReview.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if review is None:
        return False
    # Who has been erased keeps the district they were counted in: there is no ZIP code any more to look up.
    known = Signature.objects.counting().named()
    rows = list(known.filter(pk__gt=review.last_pk).order_by("pk")[:ROWS_OF_A_PART])
    redrawn = _redrawn()
    found = districts.find_many(row.zip_code for row in rows)
    outdated = [row.pk for row in rows if told(row, found[row.zip_code], redrawn) != _as_it_stands(row)]
    review.looked += len(rows)
    review.changed += _tell(outdated, redrawn=redrawn)
    review.last_pk = rows[-1].pk if rows else review.last_pk
    if len(rows) < ROWS_OF_A_PART:
        review.finished_at = timezone.now()
    review.save(update_fields=["looked", "changed", "last_pk", "finished_at"])
    return True


def _tell(numbers: list[int], *, redrawn: dict[str, int]) -> int:
    """Look these up with their rows locked, so that no signer chooses meanwhile. How many districts changed."""
    rows = list(Signature.objects.counting().named().filter(pk__in=numbers).select_for_update().order_by("pk"))
    found = districts.find_many(row.zip_code for row in rows)
    moved = 0
    for row in rows:
        now, before, was = told(row, found[row.zip_code], redrawn), tallies.parts_of(row), row.district
        if now == _as_it_stands(row):
            continue
        row.district, row.district_how, row.district_congress = now
        row.save(update_fields=WRITTEN)
        tallies.note_moved(before=before, after=row)
        moved += row.district != was
    return moved


def told(signature: Signature, found: districts.Found, redrawn: dict[str, int]) -> Told:
    """What the signature should say, by what its ZIP code tells now, and what the signer said before."""
    now = Told(found.district, found.how, found.congress)
    if signature.district_how not in (How.CHOSEN, How.UNSURE):
        return now
    since = signature.district_congress or found.congress or 0
    state = signature.district[:2] or signature.state
    if redrawn.get(state, 0) > since:
        return now
    newest = max(since, found.congress or 0) or None
    if signature.district_how == How.UNSURE:
        return Told("", How.UNSURE, newest) if found.how in (How.SPLIT, How.UNKNOWN) else now
    is_newer = newest != since
    if is_newer and signature.district not in found.candidates:  # redrawn, though nobody has said so
        return now
    return Told(signature.district, How.CHOSEN, newest)


def _as_it_stands(signature: Signature) -> Told:
    return Told(signature.district, signature.district_how, signature.district_congress)


def _redrawn() -> dict[str, int]:
    """For each state the last Congress, up to the sitting one, that brought it new lines."""
    sitting = districts.congress_on(timezone.localdate())
    rows = Redrawing.objects.filter(congress__lte=sitting).order_by("congress")
    return dict(rows.values_list("state", "congress"))


@dataclass(frozen=True)
class Figure:
    """How many of a petition's confirmed signatures are known, or not known, in one way."""

    how: str
    label: str
    count: int
    share: float  # of a hundred

    @property
    def is_known(self) -> bool:
        return self.how in (How.UNIQUE, How.CHOSEN)


def figures(petition: Petition) -> list[Figure]:
    """Each way of knowing a district with its share of the confirmed signatures, exactly and now.

    The tallies say how many have a district; of which kind the uncertain ones are, an index of them alone tells.
    """
    by_district = tallies.by_district(petition)
    uncertain = Signature.objects.counting().filter(petition=petition, district_how__in=UNCERTAIN).order_by()
    counts = dict(uncertain.values_list("district_how").annotate(count=Count("*")))
    whole, without = sum(by_district.values()), by_district.get("", 0)
    counts[How.UNIQUE] = whole - without - counts.get(How.CHOSEN, 0)
    counts[""] = without - sum(counts.get(how, 0) for how in UNCERTAIN if how != How.CHOSEN)
    labels = [*How.choices, ("", "nobody has looked yet")]
    return [
        Figure(how, str(label), counts.get(how, 0), 100 * counts.get(how, 0) / (whole or 1)) for how, label in labels
    ]


def resolved(figures: list[Figure]) -> float:
    """The share of a hundred whose district is known, out of `figures`."""
    return sum(figure.share for figure in figures if figure.is_known)
