"""The whip board: every seat of Congress, who signed there, what its member has done for the bill, and the next step.

The number of queries is the same however many members there are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from members.models import Local
from petitions import paper, tallies
from petitions.delivering.seats import HOUSE, Seat, bills_before, seats
from petitions.models import CommitteeSeat, Cosponsorship, Delivery, Legislator, Measure, Petition, Position, Referral

Stance = Position.Stance


@dataclass(frozen=True)
class Step:
    """What to do next: `kind` for the program, the words for people."""

    kind: str  # thank, markup, cosponsor, introduce, wait
    words: str


@dataclass(frozen=True)
class Row:
    """One seat with everything that is known of it. `signers` is None where the district's lines are old."""

    seat: Seat
    signers: int | None
    on_paper: int
    locals: int  # in the state; in which district a local's members live is not known
    bill: Measure | None
    cosponsorship: Cosponsorship | None
    committees: tuple[CommitteeSeat, ...]
    last: Delivery | None
    position: Position | None

    @property
    def legislator(self) -> Legislator | None:
        return self.seat.term.legislator if self.seat.term else None

    @property
    def name(self) -> str:
        """Family name first, as lists of members are sorted."""
        person = self.legislator
        return f"{person.family_name}, {person.given_name}" if person else "Vacant"

    @property
    def growth(self) -> int | None:
        """How many more there are than at the last delivery."""
        return self.signers - self.last.count if self.last and self.signers is not None else None

    @property
    def stance(self) -> str:
        return self.position.stance if self.position else Stance.UNKNOWN

    @property
    def stance_label(self) -> str:
        return str(Stance(self.stance).label)

    @property
    def support(self) -> str:
        """What they have done for the bill, in words."""
        if self.cosponsorship is None:
            return ""
        return "leads the bill" if self.cosponsorship.is_sponsor else "cosponsor"

    @property
    def step(self) -> Step:
        return next_step(self)


def next_step(row: Row) -> Step:
    """Who has cosponsored is thanked, a committee's member is asked for a markup, the others to cosponsor."""
    if row.legislator is None:
        return Step("wait", "Wait for the election.")
    if row.bill is None:
        return Step("introduce", "Ask them to bring the bill in again.")
    name = row.bill.bill
    if row.cosponsorship and row.cosponsorship.is_sponsor:
        return Step("thank", f"Thank them for leading {name}.")
    if row.cosponsorship:
        return Step("thank", f"Thank them for cosponsoring {name}.")
    if row.committees:
        return Step("markup", f"Ask for a markup of {name} in the {row.committees[0].name}.")
    if row.stance in (Stance.SUPPORTS, Stance.LEANS):
        return Step("cosponsor", f"Hold them to their word: ask them to cosponsor {name}.")
    return Step("cosponsor", f"Ask them to cosponsor {name}.")


@dataclass(frozen=True)
class Around:
    """What the rows are made from, each looked up once."""

    bills: Mapping[str, Measure]
    states: Mapping[str, int]
    districts: Mapping[str, int]
    paper_states: Mapping[str, int]
    paper_districts: Mapping[str, int]
    locals: Mapping[str, int]
    cosponsors: Mapping[tuple[int, int], Cosponsorship]
    committees: Mapping[tuple[int, int], tuple[CommitteeSeat, ...]]
    last: Mapping[int, Delivery]
    positions: Mapping[int, Position]


def board(petition: Petition, *, on: date | None = None) -> list[Row]:
    """A row for every seat, the House first."""
    day = on or timezone.localdate()
    around = _look_up(petition, day)
    return [_row(seat, around) for seat in seats(on=day)]


def row_of(petition: Petition, seat: Seat, *, on: date | None = None) -> Row:
    """One seat's row, for its own page and for a packet."""
    return _row(seat, _look_up(petition, on or timezone.localdate()))


def _look_up(petition: Petition, day: date) -> Around:
    bills = bills_before(petition, on=day)
    local_states = Local.objects.exclude(state="").values_list("state", flat=True)
    last = petition.deliveries.order_by("legislator", "-on", "-pk").distinct("legislator")
    positions = petition.positions.order_by("legislator", "-on", "-pk").distinct("legislator")
    return Around(
        bills=bills,
        states=tallies.by_state(petition),
        districts=tallies.by_district(petition),
        paper_states=paper.by_state(petition),
        paper_districts=paper.by_district(petition),
        locals=Counter(local_states),
        cosponsors={
            (each.measure_id, each.legislator_id): each
            for each in Cosponsorship.objects.standing().filter(measure__in=bills.values())
        },
        committees=_committees(bills),
        last={each.legislator_id: each for each in last},
        positions={each.legislator_id: each for each in positions},
    )


def _committees(bills: Mapping[str, Measure]) -> dict[tuple[int, int], tuple[CommitteeSeat, ...]]:
    """By bill and member, the seats in the committees that have the bill before them."""
    referrals = Referral.objects.filter(measure__in=bills.values()).order_by("committee")
    having: dict[str, list[int]] = {}
    for referral in referrals:
        having.setdefault(referral.committee, []).append(referral.measure_id)
    found: dict[tuple[int, int], tuple[CommitteeSeat, ...]] = {}
    for each in CommitteeSeat.objects.filter(committee__in=having).order_by("committee"):
        for measure in having[each.committee]:
            key = measure, each.legislator_id
            found[key] = (*found.get(key, ()), each)
    return found


def _row(seat: Seat, around: Around) -> Row:
    is_house = seat.chamber == HOUSE
    signers = (around.districts if is_house else around.states).get(seat.code, 0)
    bill = around.bills.get(seat.chamber)
    person = seat.term.legislator_id if seat.term else 0
    key = (bill.pk if bill else 0, person)
    return Row(
        seat=seat,
        signers=None if seat.lines_are_old else signers,
        on_paper=(around.paper_districts if is_house else around.paper_states).get(seat.code, 0),
        locals=around.locals.get(seat.state, 0),
        bill=bill,
        cosponsorship=around.cosponsors.get(key),
        committees=around.committees.get(key, ()),
        last=around.last.get(person),
        position=around.positions.get(person),
    )
