"""Every seat of Congress on a day, held or vacant, and the bills of a petition that are before that Congress."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from csan.lib.states import NAMES, name_of
from petitions import districts, lineage
from petitions.models import Measure, Petition, Term
from petitions.models.congress import WITHOUT_VOTE

HOUSE, SENATE = Term.Chamber.HOUSE, Term.Chamber.SENATE
SENATORS = 2


@dataclass(frozen=True)
class Seat:
    """A seat, and who sits in it."""

    chamber: str
    state: str
    number: str  # empty in the Senate
    term: Term | None
    lines_are_old: bool = False  # the district was redrawn, and nobody has been looked up by the new lines yet

    @property
    def code(self) -> str:
        """As a signature keeps it: AZ-03; AZ for the Senate."""
        return f"{self.state}-{self.number}" if self.number else self.state

    @property
    def place(self) -> str:
        """The seat in words."""
        return place_of(self.code)


def place_of(code: str) -> str:
    """A seat's code in the reader's words: a state, or one of its districts."""
    state, _, number = code.partition("-")
    if not number or number == "00":  # a state with one seat is its district
        return name_of(state)
    return gettext("%(state)s, district %(number)s") % {"state": name_of(state), "number": int(number)}


def seat_of(term: Term) -> Seat:
    """The seat that a term is spent in."""
    return Seat(term.chamber, term.state, term.number, term)


def seats(*, on: date) -> list[Seat]:
    """All of them, the House first, in the order of states and districts. Four queries at most."""
    terms = list(Term.objects.on(on).select_related("legislator").order_by("chamber", "state", "number", "starts_on"))
    drawn, redrawn = districts.lines_on(on)
    held = {(term.state, term.number) for term in terms if term.chamber == HOUSE}
    vacant = [Seat(HOUSE, each.state, each.number, None) for each in drawn if (each.state, each.number) not in held]
    found = [*vacant, *_vacant_in_the_senate(terms)]
    found += [
        Seat(term.chamber, term.state, term.number, term, term.chamber == HOUSE and term.state in redrawn)
        for term in terms
    ]
    return sorted(found, key=lambda seat: (seat.chamber, seat.state, seat.number, seat.term is None))


def _vacant_in_the_senate(terms: list[Term]) -> list[Seat]:
    """Nothing where no senator is known at all: then nobody has imported any."""
    states = [term.state for term in terms if term.chamber == SENATE]
    if not states:
        return []
    return [
        Seat(SENATE, state, "", None)
        for state in NAMES
        if state not in WITHOUT_VOTE
        for _ in range(SENATORS - states.count(state))
    ]


def bills_before(petition: Petition, *, on: date) -> dict[str, Measure]:
    """By chamber, the petition's bill, or the one that came after it, in the Congress that sits on this day."""
    sitting = districts.congress_on(on)
    bills = [bill for bill in lineage.measures_of(petition) if bill.congress == sitting]
    return {SENATE if bill.kind.startswith("s") else HOUSE: bill for bill in reversed(bills)}
