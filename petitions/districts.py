"""From a ZIP code to districts, and from a district to the people who sit for it in Congress, by the day's lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from csan.lib.states import state_of
from petitions.models import District, Redrawing, Signature, Term

FIRST_CONGRESS = 1789  # the year in which it met; each has two years
How = Signature.DistrictHow

# For each state of a ZIP code its newest lines that the sitting Congress has or can go on with, and whether it was
# redrawn since. Each step is read from the index of a unique constraint.
CANDIDATES = """
    SELECT zip.zip_code, district.state || '-' || district.number, district.congress,
           EXISTS (SELECT FROM petitions_redrawing AS redrawn
                   WHERE redrawn.state = district.state
                     AND redrawn.congress > district.congress AND redrawn.congress <= %(sitting)s)
    FROM petitions_zipdistrict AS zip JOIN petitions_district AS district ON district.id = zip.district_id
    WHERE zip.zip_code = ANY(%(zip_codes)s) AND district.congress <= %(sitting)s
      AND NOT EXISTS (SELECT FROM petitions_district AS newer
                      WHERE newer.congress > district.congress AND newer.congress <= %(sitting)s
                        AND newer.state = district.state)
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Found:
    """What a ZIP code tells: the district where there is one, else why not, and which it may be.

    `congress` is the one whose lines said so; of several states, the oldest.
    """

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


def days_of(congress: int) -> tuple[date, date]:
    """The day on which a Congress begins, and the day on which the next one does."""
    year = FIRST_CONGRESS + 2 * (congress - 1)
    return date(year, 1, 3), date(year + 2, 1, 3)


def find(zip_code: str, *, on: date | None = None) -> Found:
    """The district of a ZIP code on a day (today). Never guesses: several candidates are for the signer to choose."""
    return find_many([zip_code], on=on)[zip_code]


def find_many(zip_codes: Iterable[str], *, on: date | None = None) -> dict[str, Found]:
    """What each of these ZIP codes tells, of five digits or of nine, in one query."""
    wanted = set(zip_codes)
    sitting = congress_on(on or timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"zip_codes": list({each[:5] for each in wanted}), "sitting": sitting})
        told = {digits: _found([row[1:] for row in rows]) for digits, rows in groupby(cursor, key=itemgetter(0))}
    return {each: told.get(each[:5], Found(How.UNKNOWN)) for each in wanted}


def _found(rows: list[tuple[str, int, bool]]) -> Found:
    holding = tuple(code for code, _, is_redrawn in rows if not is_redrawn)
    congress = min(congress for _, congress, _ in rows)
    if len(holding) < len(rows):  # one state of several is enough: the signer may live in that part
        return Found(How.REDRAWN, candidates=holding, congress=congress)
    if len(holding) == 1:
        return Found(How.UNIQUE, holding[0], congress, holding)
    return Found(How.SPLIT, candidates=holding, congress=congress)


def still_holds(*, district: str, congress: int, on: date | None = None) -> bool:
    """Whether a district that was told by the lines of a Congress is still one on a day (today)."""
    sitting = congress_on(on or timezone.localdate())
    if congress >= sitting:
        return True
    redrawn = Redrawing.objects.filter(state=district[:2], congress__gt=congress, congress__lte=sitting)
    return not redrawn.exists()


def members_for(*, zip_code: str, district: str, congress: int | None = None, on: date | None = None) -> Members:
    """Both senators of the ZIP code's state, and who sits for the district if that is known.

    With the `congress` by whose lines the district was told, a district of a state redrawn since counts as unknown.
    """
    day = on or timezone.localdate()
    state = district[:2] or state_of(zip_code)
    if not state:
        return Members()
    terms = Term.objects.on(day).filter(state=state).select_related("legislator").order_by("-chamber", "starts_on")
    sitting = list(terms)
    senators = tuple(term for term in sitting if term.chamber == Term.Chamber.SENATE)
    if not district or (congress and not still_holds(district=district, congress=congress, on=day)):
        return Members(senators)
    holder = next((term for term in sitting if term.seat == district), None)
    return Members(senators, holder, is_vacant=holder is None and is_house_known(day))


def is_house_known(day: date) -> bool:
    """Whether we know who sits at all: not in the first days of a Congress, until its members are imported."""
    return Term.objects.on(day).filter(chamber=Term.Chamber.HOUSE).exists()


class Lines(NamedTuple):
    """What we know of the House: the seats of states whose lines hold, and the states that wait for new ones."""

    districts: list[District]
    redrawn: set[str]


def newest_lines(*, on: date | None = None) -> list[District]:
    """Every seat of the House as far as we know it on a day (today): of each state the newest lines that hold."""
    return lines_on(on or timezone.localdate()).districts


def lines_on(day: date) -> Lines:
    """The same, beside the states of which we know only lines that hold no longer. Two queries."""
    sitting = congress_on(day)
    newest: dict[str, int] = {}
    known = list(District.objects.filter(congress__lte=sitting).order_by("state", "number"))
    for district in known:
        newest[district.state] = max(newest.get(district.state, 0), district.congress)
    redrawings = Redrawing.objects.filter(congress__lte=sitting).values_list("state", "congress")
    redrawn = {state for state, congress in redrawings if congress > newest.get(state, congress)}
    holding = [each for each in known if each.congress == newest[each.state] and each.state not in redrawn]
    return Lines(holding, redrawn)


def vacancies(*, on: date | None = None) -> list[str]:
    """The codes of the seats of the House that nobody holds on a day (today); none while we know of nobody at all."""
    day = on or timezone.localdate()
    if not is_house_known(day):
        return []
    house = Term.objects.on(day).filter(chamber=Term.Chamber.HOUSE)
    held = {f"{state}-{number}" for state, number in house.values_list("state", "number")}
    return [district.code for district in newest_lines(on=day) if district.code not in held]
