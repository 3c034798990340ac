"""A whole Congress beside the signatures: seats, members, bills, committees, locals, visits; all of them made up.

What the staff's pages join: a whip board over three members says nothing of one over 535.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from csan.lib import states
from members.models import Local
from petitions import districts
from petitions.models import (
    CommitteeSeat,
    Cosponsorship,
    Delivery,
    District,
    Legislator,
    Measure,
    Office,
    Petition,
    Position,
    Referral,
    Term,
    ZipDistrict,
)
from petitions.models.congress import WITHOUT_VOTE
from tests.members.factories import LocalFactory
from tests.petitions.factories import MeasureFactory

LOCALS = 300
COMMITTEE = "HSIF"
# Of the 435 seats, as the census of 2020 apportions them. Every other state or territory sends one delegate, or one.
SEATS = {
    "AL": 7, "AZ": 9, "AR": 4, "CA": 52, "CO": 8, "CT": 5, "FL": 28, "GA": 14, "HI": 2, "ID": 2, "IL": 17, "IN": 9,
    "IA": 4, "KS": 4, "KY": 6, "LA": 6, "ME": 2, "MD": 8, "MA": 9, "MI": 13, "MN": 8, "MS": 4, "MO": 8, "MT": 2,
    "NE": 3, "NV": 4, "NH": 2, "NJ": 12, "NM": 3, "NY": 26, "NC": 14, "OH": 15, "OK": 5, "OR": 6, "PA": 17, "RI": 2,
    "SC": 7, "TN": 9, "TX": 38, "UT": 4, "VA": 11, "WA": 10, "WV": 2, "WI": 8,
}  # fmt: skip


def zip_codes() -> list[tuple[str, str, str]]:
    """Every ZIP code of every state, in an order that mixes them, each with its state and district."""
    found = [(code, state) for state in states.NAMES for code in states.zip_codes_of(state)]
    found.sort(key=lambda each: each[0][::-1])
    return [(code, state, f"{state}-{number_of(state, int(code))}") for code, state in found]


def number_of(state: str, spread: int) -> str:
    """A district of a state; 00 where it has one seat."""
    seats = SEATS.get(state, 1)
    return "00" if seats == 1 else f"{1 + spread % seats:02}"


def assemble(petition: Petition) -> None:
    """Everything at once, for the Congress that sits today."""
    sitting = districts.congress_on(timezone.localdate())
    begins = date(districts.FIRST_CONGRESS + 2 * (sitting - 1), 1, 3)
    places = zip_codes()
    drawn = {
        code: District(congress=sitting, state=code[:2], number=code[3:]) for code in sorted({p[2] for p in places})
    }
    District.objects.bulk_create(drawn.values())
    ZipDistrict.objects.bulk_create(
        (ZipDistrict(district=drawn[code], zip_code=zip_code) for zip_code, _, code in places), batch_size=5000
    )
    members = list(sit_down(list(drawn.values()), begins, begins.replace(year=begins.year + 2)))
    bring_in(petition, sitting, members, begins)


def sit_down(drawn: list[District], begins: date, ends: date) -> Iterator[Legislator]:
    """A member for every seat but three, and two senators a state; each with an office at home."""
    seats = [(Term.Chamber.HOUSE, each.state, each.number) for each in drawn[3:]]
    seats += [(Term.Chamber.SENATE, each, "") for each in states.NAMES if each not in WITHOUT_VOTE] * 2
    members = Legislator.objects.bulk_create(
        Legislator(bioguide=f"Z{n:06}", given_name="Alma", family_name=f"Seated{n}", full_name=f"Alma Seated{n}")
        for n in range(len(seats))
    )
    held = zip(members, seats, strict=True)
    Term.objects.bulk_create(
        Term(legislator=who, chamber=chamber, state=state, number=number, starts_on=begins, ends_on=ends)
        for who, (chamber, state, number) in held
    )
    Office.objects.bulk_create(
        Office(legislator=who, slug=f"office-{who.bioguide}", city="Springfield", state=state)
        for who, (_, state, _) in zip(members, seats, strict=True)
    )
    yield from members


def bring_in(petition: Petition, sitting: int, members: list[Legislator], begins: date) -> None:
    """This Congress' bill in both chambers, who has cosponsored it, who can mark it up, what was said and brought."""
    bills: list[Measure] = [
        MeasureFactory(congress=sitting, kind=kind, number=number) for kind, number in (("hr", 4954), ("s", 2495))
    ]
    petition.measures.add(*bills)
    Cosponsorship.objects.bulk_create(
        Cosponsorship(measure=bills[0], legislator=who, is_sponsor=n == 0, since=begins)
        for n, who in enumerate(members[::3])
    )
    Referral.objects.create(measure=bills[0], committee=COMMITTEE)
    CommitteeSeat.objects.bulk_create(
        CommitteeSeat(legislator=who, committee=COMMITTEE, name="House Committee on Energy and Commerce")
        for who in members[1::9]
    )
    day = timezone.localdate() - timedelta(days=30)
    Position.objects.bulk_create(
        Position(petition=petition, legislator=who, stance=Position.Stance.LEANS, on=day) for who in members[::4]
    )
    Delivery.objects.bulk_create(
        Delivery(
            petition=petition, legislator=term.legislator, seat=term.seat, count=500, on=day, how=Delivery.How.MAIL
        )
        for term in Term.objects.select_related("legislator").order_by("pk")[::5]
    )


def locals_of_the_union() -> list[Local]:
    """Of every state some, half of them on the leaderboard."""
    names = list(states.NAMES)
    return [
        LocalFactory(city="Springfield", state=names[n % len(names)], size=200 + 11 * n, is_on_leaderboard=n % 2 == 0)
        for n in range(LOCALS)
    ]
