"""The other places of a local that get boxes of their own: a branch, a worksite. The main place stands beside them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.entering import address_coach
from campaigns.models import Registration, ShipTo

ADDRESS = ("address1", "address2", "city", "state", "zip_code")
MOST = 9  # more is a list for staff


class PlaceInUse(Exception):
    """A box is being made ready for a place that would go away."""


@dataclass(frozen=True, kw_only=True)
class Branch:
    """What an officer tells of another place. `position` is its number among all places, from 2."""

    position: int
    label: str = ""
    members_count: int | None
    name: str
    address1: str
    address2: str = ""
    city: str
    state: str
    zip_code: str
    receiving_hours: str = ""
    is_home: bool = False
    uses_standard: bool = False

    def place(self) -> dict[str, Any]:
        """The values of its columns, as they were typed."""
        return {name: value for name, value in asdict(self).items() if name not in ("position", "uses_standard")}

    @property
    def words(self) -> str:
        """All of it in a line, for staff."""
        town = f"{self.city}, {self.state} {self.zip_code}"
        lines = (self.label, self.name, self.address1, self.address2, town, self.receiving_hours)
        count = f"{self.members_count} members" if self.members_count else ""
        return ", ".join(part for part in (*lines, count) if part)


def judged(place: dict[str, Any], *, wants_standard: bool) -> dict[str, Any]:
    """What we think of an address, and in which of the two forms it is to be printed."""
    found = address_coach.judge(place)
    return {
        "verdict": found.verdict,
        "doubts": list(found.doubts),
        "standard": found.standard,
        "uses_standard": wants_standard and bool(found.standard),
    }


def place_now(row: ShipTo, told: dict[str, Any], *, wants_standard: bool) -> dict[str, Any]:
    """A place's columns as told now; what was found out about another address does not hold for this one."""
    if all(getattr(row, column) == told[column] for column in ADDRESS):
        return {**told, "uses_standard": wants_standard and bool(row.standard)}
    return {**told, **judged(told, wants_standard=wants_standard), "judged_by_staff": False}


def write_branches(held: Registration, branches: Iterable[Branch]) -> None:
    """The other places are these from now on. Raises PlaceInUse. The caller holds the registration."""
    told = {branch.position: branch for branch in branches}
    rows = {row.position: row for row in held.places.filter(position__gt=1).order_by("position")}
    gone = [row for position, row in rows.items() if position not in told]
    if any(row.boxes.exists() or row.allocations.exists() for row in gone):
        raise PlaceInUse
    for row in gone:
        row.delete()
    for position, branch in told.items():
        place = branch.place()
        if known := rows.get(position):
            now = place_now(known, place, wants_standard=branch.uses_standard)
            ShipTo.objects.filter(pk=known.pk).update(**now)
        else:
            ShipTo.objects.create(
                registration=held, position=position, **place, **judged(place, wants_standard=branch.uses_standard)
            )


def branches_of(registration: Registration) -> tuple[Branch, ...]:
    """What the local has told us of its other places so far."""
    rows = registration.places.filter(position__gt=1).order_by("position")
    return tuple(Branch(**{name: getattr(row, name) for name in Branch.__dataclass_fields__}) for row in rows)
