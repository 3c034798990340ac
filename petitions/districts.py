"""From a ZIP code to districts, and from a district to the people who sit for it in Congress, by the day's lines."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from csan.lib.states import state_of
from petitions.models import Redrawing, Signature, Term, ZipDistrict

FIRST_CONGRESS = 1789  # the year in which it met; each has two years
How = Signature.DistrictHow


@dataclass(frozen=True)
class Found:
    """What a ZIP code tells: the district where there is one, else why not, and which it may be."""

    how: str
    district: str = ""
    congress: int | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Members:
    """Who speaks for somebody in Congress. Without a representative where the district is unknown or vacant."""

    senators: tuple[Term, ...] = ()
    representative: Term | None = None
    is_vacant: bool = False


def congress_on(day: date) -> int:
    """The number of the Congress that sits on a day; each begins on 3 January of an odd year (20th Amendment)."""
    year = day.year if (day.month, day.day) >= (1, 3) else day.year - 1
    return (year - FIRST_CONGRESS) // 2 + 1


def find(zip_code: str, *, on: date | None = None) -> Found:
    """The district of a ZIP code on a day (today). Never guesses: several candidates are for the signer to choose."""
    sitting = congress_on(on or timezone.localdate())
    rows = list(
        ZipDistrict.objects.filter(zip_code=zip_code[:5], district__congress__lte=sitting)
        .select_related("district")
        .order_by("-district__congress", "district__state", "district__number")
    )
    if not rows:
        return Found(How.UNKNOWN)
    congress = rows[0].district.congress
    districts = [row.district for row in rows if row.district.congress == congress]
    if redrawn_since(congress, sitting) & {district.state for district in districts}:
        return Found(How.REDRAWN)
    codes = tuple(district.code for district in districts)
    if len(codes) == 1:
        return Found(How.UNIQUE, codes[0], congress, codes)
    return Found(How.SPLIT, candidates=codes, congress=congress)


def redrawn_since(congress: int, sitting: int) -> set[str]:
    """The states whose lines of a Congress hold no longer."""
    if congress == sitting:
        return set()
    changed = Redrawing.objects.filter(congress__gt=congress, congress__lte=sitting)
    return set(changed.values_list("state", flat=True))


def members_for(*, zip_code: str, district: str, on: date | None = None) -> Members:
    """Both senators of the ZIP code's state, and who sits for the district if that is known."""
    day = on or timezone.localdate()
    state = district[:2] or state_of(zip_code)
    if not state:
        return Members()
    terms = Term.objects.on(day).filter(state=state).select_related("legislator").order_by("-chamber", "starts_on")
    sitting = list(terms)
    senators = tuple(term for term in sitting if term.chamber == Term.Chamber.SENATE)
    if not district:
        return Members(senators)
    holder = next((term for term in sitting if term.seat == district), None)
    return Members(senators, holder, is_vacant=holder is None)
