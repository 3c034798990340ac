"""One term as a file says it: JSON has all of somebody's terms, CSV has the running one, without days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from csan.lib.intake import BrokenLine
from csan.lib.states import NAMES
from petitions.districts import congress_on, days_of
from petitions.importing.records import link, words
from petitions.models import Term

CHAMBERS = {"rep": Term.Chamber.HOUSE, "sen": Term.Chamber.SENATE}
YEARS_OF_A_SENATOR = 6
# A year in which the terms of each class of senators end; they do every six years.
ENDS_OF_CLASS = {1: 2025, 2: 2027, 3: 2029}
CONTACTS = ("party", "senate_class", "phone", "address", "website", "contact_form")


@dataclass(frozen=True)
class Served:
    """A term: the seat, from when to when, and how the office is reached."""

    chamber: str
    state: str
    number: str
    starts_on: date
    ends_on: date
    contacts: Mapping[str, Any]
    is_dated: bool = True  # False: the days were worked out

    def overlaps(self, term: Term) -> bool:
        """Whether the row is the same service, under other days."""
        is_same_seat = (term.chamber, term.state, term.number) == (self.chamber, self.state, self.number)
        return is_same_seat and term.starts_on < self.ends_on and self.starts_on < term.ends_on


def dated_term(entry: dict[str, Any]) -> Served:
    """One of the terms of a legislator in JSON. Raises BrokenLine."""
    starts_on, ends_on = _day(words(entry, "start")), _day(words(entry, "end"))
    if ends_on <= starts_on:
        raise BrokenLine(f"a term of {starts_on} ends on {ends_on}")
    return Served(*_seat(entry), starts_on, ends_on, _contacts(entry, "class"))


def running_term(cells: dict[str, Any], today: date) -> Served:
    """The term of a line of CSV, which has no days: they follow from the Congress, or from the senator's class.

    Raises BrokenLine.
    """
    chamber, state, number = _seat(cells)
    contacts = _contacts(cells, "senate_class")
    if chamber == Term.Chamber.HOUSE:
        starts_on, ends_on = days_of(congress_on(today))
    else:
        senate_class = contacts["senate_class"]
        if senate_class is None:
            raise BrokenLine("a senator without a class: 1, 2 or 3")
        first = today.year if today < date(today.year, 1, 3) else today.year + 1
        year = first + (ENDS_OF_CLASS[senate_class] - first) % YEARS_OF_A_SENATOR
        starts_on, ends_on = date(year - YEARS_OF_A_SENATOR, 1, 3), date(year, 1, 3)
    return Served(chamber, state, number, starts_on, ends_on, contacts, is_dated=False)


def _seat(entry: dict[str, Any]) -> tuple[str, str, str]:
    chamber = CHAMBERS.get(words(entry, "type").lower())
    state, number = words(entry, "state").upper(), words(entry, "district")
    if chamber is None:
        raise BrokenLine(f"“{words(entry, 'type')}” is neither rep nor sen")
    if state not in NAMES:
        raise BrokenLine(f"“{state}” is no state")
    if chamber == Term.Chamber.SENATE:
        return chamber, state, ""
    if not re.fullmatch(r"[0-9]{1,2}", number):
        raise BrokenLine(f"“{number}” is no district of the House")
    return chamber, state, number.zfill(2)


def _contacts(entry: dict[str, Any], class_name: str) -> dict[str, Any]:
    senate_class = words(entry, class_name)
    return {
        "party": words(entry, "party")[:40],
        "senate_class": int(senate_class) if senate_class in ("1", "2", "3") else None,
        "phone": words(entry, "phone")[:20],
        "address": words(entry, "address")[:200],
        "website": link(entry, "url"),
        "contact_form": link(entry, "contact_form"),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BrokenLine(f"“{text}” is no day") from error
