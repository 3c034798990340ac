"""The official status of a bill as the Government Publishing Office has it (BILLSTATUS), in the words of our rows.

Its older schema calls the number and the type `billNumber` and `billType`; both are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.etree.ElementTree import Element

from csan.lib.csvfiles import UnusableFile
from petitions.models import Measure

IDENTICAL = "identical bill"
COMMITTEE = re.compile(r"[A-Z]{4}\d{2}")  # of a whole committee the last two are 00
LET_GO = ("reported", "discharged")  # activities after which a committee has the bill before it no more


@dataclass(frozen=True)
class Name:
    """A bill's own name: the Congress, the type and the number."""

    congress: int
    kind: str
    number: int


@dataclass(frozen=True)
class Signed:
    """A member who brought the bill in, or put their name to it."""

    bioguide: str
    given_name: str
    family_name: str
    state: str
    title: str  # Rep. or Sen.
    since: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class BillStatus:
    """What one file says."""

    name: Name
    title: str
    introduced_on: date | None
    sponsor: Signed | None
    cosponsors: list[Signed] = field(default_factory=list)
    actions: list[tuple[date, str]] = field(default_factory=list)
    companions: list[tuple[Name, str]] = field(
        default_factory=list
    )  # identical bills of the other chamber, with title
    committees: list[str] = field(default_factory=list)  # codes such as HSIF and HSIF17 that have it before them
    committees_before: list[str] = field(default_factory=list)  # and those that have reported it, or were discharged


def read_status(root: Element) -> BillStatus:
    """Raises UnusableFile where it is another kind of document or lacks what a bill is known by."""
    bill = root.find("bill")
    if root.tag != "billStatus" or bill is None:
        raise UnusableFile("It is not a BILLSTATUS file.")
    name = _name(bill)
    if name is None:
        raise UnusableFile("It does not say which bill it is about.")
    introduced_on = _day(bill, "introducedDate")
    committees = dict(_committees(bill))
    sponsors = [_signed(item, introduced_on) for item in bill.findall("sponsors/item")]
    return BillStatus(
        name=name,
        title=_text(bill, "title"),
        introduced_on=introduced_on,
        sponsor=sponsors[0] if sponsors else None,
        cosponsors=[_signed(item, None) for item in bill.findall("cosponsors/item")],
        actions=_actions(bill),
        companions=[
            (other, _text(item, "title"))
            for item in bill.findall("relatedBills/item")
            if (other := _name(item)) and _is_companion(name, other, item)
        ],
        committees=sorted(code for code, has_it in committees.items() if has_it),
        committees_before=sorted(code for code, has_it in committees.items() if not has_it),
    )


def _actions(bill: Element) -> list[tuple[date, str]]:
    """Day by day, without what both a chamber and the Library of Congress report."""
    found = [(_day(item, "actionDate"), _text(item, "text")) for item in bill.findall("actions/item")]
    return sorted({(day, text) for day, text in found if day and text})


def _committees(bill: Element) -> Iterator[tuple[str, bool]]:
    """Committees and subcommittees by code, and whether they still have the bill before them."""
    for path in ("committees/item", "committees/billCommittees/item"):
        for item in bill.findall(path):
            for each in (item, *item.findall("subcommittees/item")):
                code = _text(each, "systemCode").upper()
                if COMMITTEE.fullmatch(code):
                    yield code.removesuffix("00"), not _newest_activity(each).startswith(LET_GO)


def _newest_activity(committee: Element) -> str:
    """Such as "referred to" or "reported by"; the later in the file where a day or hour has two."""
    found = [(_text(item, "date"), _text(item, "name").lower()) for item in committee.findall("activities/item")]
    return max(found, key=lambda each: each[0])[1] if found else ""


def _is_companion(bill: Name, other: Name, item: Element) -> bool:
    types = {(each.text or "").strip().lower() for each in item.findall("relationshipDetails/item/type")}
    is_of_other_chamber = bill.kind[0] != other.kind[0]
    return other.congress == bill.congress and is_of_other_chamber and IDENTICAL in types


def _name(element: Element) -> Name | None:
    congress = _text(element, "congress")
    kind = (_text(element, "type") or _text(element, "billType")).lower()
    number = _text(element, "number") or _text(element, "billNumber")
    if not (congress.isdecimal() and number.isdecimal() and kind in Measure.Kind.values):
        return None
    return Name(int(congress), kind, int(number))


def _signed(item: Element, since: date | None) -> Signed:
    return Signed(
        bioguide=_text(item, "bioguideId").upper(),
        given_name=_cased(_text(item, "firstName")),
        family_name=_cased(_text(item, "lastName")),
        state=_text(item, "state").upper(),
        title=_text(item, "fullName").partition(" ")[0],
        since=_day(item, "sponsorshipDate") or since,
        withdrawn_on=_day(item, "sponsorshipWithdrawnDate"),
    )


def _cased(name: str) -> str:
    """Some files write names in capitals."""
    return name.title() if name.isupper() and len(name) > 2 else name


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _day(element: Element, path: str) -> date | None:
    try:
        return date.fromisoformat(_text(element, path)[:10])
    except ValueError:
        return None
