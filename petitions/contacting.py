"""Whom to call for a petition, and whether to thank them or to ask: members of Congress beside its newest bills."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from csan.lib.states import name_of
from petitions import districts, lineage
from petitions.models import Cosponsorship, Measure, Petition, Term

AMERICAN = 10  # digits, with the area code


@dataclass(frozen=True)
class Speaker:
    """A member of Congress who speaks for a signer, and where they stand on the bill of their chamber.

    `bill` is that of the other chamber where theirs has none yet, and None where the petition is about no bill.
    """

    term: Term
    bill: Measure | None
    has_signed_on: bool  # as cosponsor or as sponsor

    @property
    def name(self) -> str:
        return title_of(self.term)

    @property
    def dialled(self) -> str:
        """The telephone number as a phone dials it; empty where there is none."""
        digits = "".join(c for c in self.term.phone if c.isdecimal())
        return f"+1{digits}" if len(digits) == AMERICAN else ""


@dataclass(frozen=True)
class Candidate:
    """A district that a ZIP code may lie in, and who sits for it, if anybody does and we know."""

    seat: str
    name: str
    is_vacant: bool = False

    @property
    def holder(self) -> str:
        """The name, or that there is none; empty while nobody knows who sits in the House at all."""
        return self.name or (gettext("The seat is vacant") if self.is_vacant else "")


@dataclass(frozen=True)
class Delegation:
    """Who speaks for a seat: the representative first, then the senators. Several candidates are to be chosen from."""

    speakers: tuple[Speaker, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    state_code: str = ""  # empty where the candidates lie in several states
    vacant_seat: str = ""
    is_district_unknown: bool = False

    @property
    def state(self) -> str:
        """The state's name in the reader's language."""
        return name_of(self.state_code)


def delegation(petition: Petition, seats: tuple[str, ...], *, on: date | None = None) -> Delegation:
    """Who speaks for these seats, as `petitions.seats.read` gives them, on a day (today)."""
    states = {seat[:2] for seat in seats}
    terms = _sitting(states, on)
    if not terms:
        return Delegation()
    holders = {term.seat: term for term in terms if term.chamber == Term.Chamber.HOUSE}
    senators = [term for term in terms if term.chamber == Term.Chamber.SENATE] if len(states) == 1 else []
    speakers = senators
    candidates: tuple[Candidate, ...] = ()
    vacant_seat = ""
    if len(seats) > 1:
        candidates = _candidates(seats, holders, on)
    elif "-" in seats[0]:
        holder = holders.get(seats[0])
        speakers = [*([holder] if holder else []), *senators]
        vacant_seat = "" if holder or not _is_house_known(on) else seats[0]
    return Delegation(
        _beside_bills(petition, speakers),
        candidates,
        min(states) if len(states) == 1 else "",
        vacant_seat,
        is_district_unknown=len(seats) == 1 and "-" not in seats[0],
    )


def names_of(seats: tuple[str, ...], *, on: date | None = None) -> tuple[Candidate, ...]:
    """Districts to choose from, by who sits for them."""
    holders = {term.seat: term for term in _sitting({seat[:2] for seat in seats}, on) if term.number}
    return _candidates(seats, holders, on)


def _candidates(seats: tuple[str, ...], holders: dict[str, Term], on: date | None) -> tuple[Candidate, ...]:
    is_known = all(seat in holders for seat in seats) or _is_house_known(on)
    return tuple(
        Candidate(seat, title_of(holders[seat])) if seat in holders else Candidate(seat, "", is_vacant=is_known)
        for seat in seats
    )


def _is_house_known(on: date | None) -> bool:
    return districts.is_house_known(on or timezone.localdate())


def title_of(term: Term) -> str:
    """Such as Rep. Ada Lovelace."""
    return f"{term.title} {term.legislator}"


def _sitting(states: set[str], on: date | None) -> list[Term]:
    day = on or timezone.localdate()
    terms = Term.objects.on(day).filter(state__in=states).select_related("legislator")
    return list(terms.order_by("state", "chamber", "number", "starts_on", "pk"))


def newest_bills(petition: Petition) -> dict[str, Measure]:
    """The bills of the last Congress in the petition's line, by chamber."""
    line = lineage.measures_of(petition)
    newest = [measure for measure in line if measure.congress == line[-1].congress]
    chambers = {"h": Term.Chamber.HOUSE.value, "s": Term.Chamber.SENATE.value}
    return {chambers[measure.kind[0]]: measure for measure in reversed(newest)}


def _beside_bills(petition: Petition, terms: list[Term]) -> tuple[Speaker, ...]:
    bills = newest_bills(petition)
    standing = Cosponsorship.objects.standing().filter(
        measure__in=bills.values(), legislator__in=[term.legislator_id for term in terms]
    )
    signed_on = set(standing.values_list("legislator", "measure"))
    found = []
    for term in terms:
        bill = bills.get(term.chamber) or next(iter(bills.values()), None)
        has_signed_on = bill is not None and (term.legislator_id, bill.pk) in signed_on
        found.append(Speaker(term, bill, has_signed_on))
    return tuple(found)
