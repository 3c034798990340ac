"""Which rows of the whip board, in which order, and the board as a table to take along."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from csan.lib import audit
from petitions.delivering.whip import Row
from petitions.models import Petition

YES, NO = "yes", "no"
EARLY = date(1, 1, 1)
FEW = -1_000_000  # before every number: what is not known comes first, or last
# How each column sorts; the board's template draws them in this order.
COLUMNS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "seat": ("Seat", lambda row: (row.seat.chamber, row.seat.code)),
    "member": ("Member", lambda row: row.name.casefold()),
    "step": ("Next step", lambda row: row.step.words),
    "signers": ("Confirmed signers", lambda row: FEW if row.signers is None else row.signers),
    "growth": ("New since", lambda row: FEW if row.growth is None else row.growth),
    "paper": ("On paper", lambda row: row.on_paper),
    "locals": ("Locals in the state", lambda row: row.locals),
    "support": ("Cosponsor since", lambda row: _since(row)),
    "committee": ("Committee with the bill", lambda row: row.committees[0].name if row.committees else ""),
    "delivered": ("Last delivery", lambda row: row.last.on if row.last else EARLY),
    "position": ("Position", lambda row: row.stance),
}


def _since(row: Row) -> tuple[bool, date]:
    held = row.cosponsorship
    return held is not None, (held.since if held and held.since else EARLY)


@dataclass(frozen=True)
class Choice:
    """What is asked for: what is empty does not narrow. `order` is a column's name, with a minus for the other way."""

    chamber: str = ""
    state: str = ""
    cosponsor: str = ""
    committee: str = ""
    position: str = ""
    visited: str = ""
    order: str = ""

    @property
    def column(self) -> str:
        """By which column it is sorted; the order of seats where there is no such one."""
        name = self.order.removeprefix("-")
        return name if name in COLUMNS else "seat"

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """Those that are asked for, in the order that is asked for; equal ones stay in the order of seats."""
        chosen = [row for row in rows if self._wants(row)]
        return sorted(chosen, key=COLUMNS[self.column][1], reverse=self.order.startswith("-"))

    def _wants(self, row: Row) -> bool:
        said = {YES: True, NO: False}
        return (
            (not self.chamber or row.seat.chamber == self.chamber)
            and (not self.state or row.seat.state == self.state)
            and (not self.position or (row.stance == self.position and row.legislator is not None))
            and said.get(self.cosponsor, row.cosponsorship is not None) == (row.cosponsorship is not None)
            and said.get(self.committee, bool(row.committees)) == bool(row.committees)
            and said.get(self.visited, row.last is not None) == (row.last is not None)
        )


def table(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """The rows as lines of a file, under their headings."""
    yield ["Bioguide", "Title", *(heading for heading, _ in COLUMNS.values()), "Delivered how", "Position said on"]
    for row in rows:
        held, last, said = row.cosponsorship, row.last, row.position
        yield [
            row.legislator.bioguide if row.legislator else "",
            row.seat.term.title if row.seat.term else "",
            row.seat.code,
            row.name,
            row.step.words,
            row.signers,
            row.growth,
            row.on_paper,
            row.locals,
            (held.since.isoformat() if held.since else row.support) if held else "",
            "; ".join(each.name for each in row.committees),
            last.on.isoformat() if last else "",
            row.stance_label,
            last.get_how_display() if last else "",
            said.on.isoformat() if said else "",
        ]


@transaction.atomic
def take_along(*, petition: Petition, rows: list[Row], by: User) -> Iterator[list[Any]]:
    """The board as a file; that it was taken is recorded."""
    audit.record(by=by, objects=[petition], did="Exported the whip board", rows=len(rows))
    return table(rows)
