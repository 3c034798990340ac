"""What a column of a carrier's file can hold, by name: words for staff, and the cell itself."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from django.utils import timezone

from campaigns.models import Box, BoxLine

GRAMS = {"ounce": 28.349523125, "pound": 453.59237}


@dataclass(frozen=True)
class Parcel:
    """A box with all that a file asks of it, read once."""

    box: Box
    lines: list[BoxLine]

    def place(self, part: str) -> str:
        """A part of the address, in the form that the officer chose."""
        place = self.box.place
        return str((place.standard.get(part) if place.uses_standard else "") or getattr(place, part))

    def weight(self, unit: str) -> str:
        """Rounded up, since a carrier charges what it weighs; empty where no item's weight is known."""
        grams = sum(line.laid_in * line.item.weight_grams for line in self.lines)
        return str(ceil(grams / GRAMS[unit])) if grams else ""

    @property
    def phone(self) -> str:
        """Ten digits where it is one of ours: no carrier takes signs, and all of them take these."""
        digits = "".join(sign for sign in self.box.registration.phone if sign.isdecimal())
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


@dataclass(frozen=True)
class Holder:
    """What a column holds."""

    words: str
    cell: Callable[[Parcel], str]


HOLDERS: dict[str, Holder] = {
    "code": Holder("code of the box", lambda parcel: parcel.box.code),
    "local": Holder("local", lambda parcel: str(parcel.box.registration.local)),
    "name": Holder("attention of", lambda parcel: parcel.place("name")),
    "address1": Holder("street address", lambda parcel: parcel.place("address1")),
    "address2": Holder("suite, floor, building", lambda parcel: parcel.place("address2")),
    "city": Holder("city", lambda parcel: parcel.place("city")),
    "state": Holder("state, two letters", lambda parcel: parcel.place("state")),
    "zip_code": Holder("ZIP code", lambda parcel: parcel.place("zip_code")),
    "zip_digits": Holder("ZIP code without hyphen", lambda parcel: parcel.place("zip_code").replace("-", "")),
    "country": Holder("country: US", lambda parcel: "US"),
    "phone": Holder("telephone, digits", lambda parcel: parcel.phone),
    "email": Holder("e-mail", lambda parcel: parcel.box.registration.email),
    "hours": Holder("receiving hours", lambda parcel: parcel.box.place.receiving_hours),
    "ounces": Holder("weight in ounces", lambda parcel: parcel.weight("ounce")),
    "pounds": Holder("weight in pounds", lambda parcel: parcel.weight("pound")),
    "contents": Holder(
        "contents", lambda parcel: "; ".join(f"{line.laid_in} {line.item.sku}" for line in parcel.lines)
    ),
    "pieces": Holder("pieces in the box", lambda parcel: str(sum(line.laid_in for line in parcel.lines))),
    "one": Holder("1: the number of boxes", lambda parcel: "1"),
    "home": Holder("Y for somebody's home, else N", lambda parcel: "Y" if parcel.box.place.is_home else "N"),
    "today": Holder("today, 2027-10-04", lambda parcel: timezone.localdate().isoformat()),
    "ship_by": Holder("ship by, 10/04/2027", lambda parcel: f"{parcel.box.registration.week.ship_by:%m/%d/%Y}"),
    "empty": Holder("nothing", lambda parcel: ""),
}
