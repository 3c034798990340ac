"""The file with which a carrier, or a mail house, is told where boxes go.

Each box is held against the limits of the profile first. Where one does not fit no file is made at all: half of a wave
in a carrier's hands is worse than a file that comes an hour later.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from campaigns.carriers.holders import HOLDERS, Parcel
from campaigns.entering.places import is_post_office_box
from campaigns.models import Box, BoxLine, CarrierProfile, Wave
from csan.lib import audit, csv

MOST_COLUMNS = 60


@dataclass(frozen=True)
class Column:
    """One of a profile's columns."""

    heading: str
    holds: str
    most: int
    is_needed: bool


@dataclass(frozen=True)
class Fault:
    """Why a box does not fit, and what to do about it."""

    box: Box
    heading: str
    problem: str
    advice: str


class UnusableColumns(Exception):
    """The columns of a profile cannot be used; the text says why."""


class DoesNotFit(Exception):
    """Some boxes do not fit the profile; `faults` says which and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


class NothingChecked(Exception):
    """None of the boxes is packed and checked."""


def columns_of(told: Any) -> list[Column]:
    """A profile's columns, in their order. Raises UnusableColumns."""
    if not isinstance(told, list) or not 0 < len(told) <= MOST_COLUMNS:
        raise UnusableColumns(f"A list of 1 to {MOST_COLUMNS} columns is needed.")
    columns = [_column(number, row) for number, row in enumerate(told, start=1)]
    if len({column.heading for column in columns}) < len(columns):
        raise UnusableColumns("Two columns have the same heading.")
    if not any(column.holds == "code" for column in columns):
        raise UnusableColumns("One column must hold the code of the box, by which tracking numbers come back.")
    return columns


def _column(number: int, row: Any) -> Column:
    if not isinstance(row, list) or len(row) != 4:
        raise UnusableColumns(f"Column {number} must be [heading, what it holds, most characters, true or false].")
    heading, holds, most, is_needed = row
    if not isinstance(heading, str) or not heading.strip():
        raise UnusableColumns(f"Column {number} has no heading.")
    if not isinstance(holds, str) or holds not in HOLDERS:
        raise UnusableColumns(f"Column {number}, {heading}: “{holds}” is none of: {', '.join(HOLDERS)}.")
    if type(most) is not int or not 0 < most <= 1000:
        raise UnusableColumns(f"Column {number}, {heading}: the most characters are 1 to 1000.")
    if type(is_needed) is not bool:
        raise UnusableColumns(f"Column {number}, {heading}: say true where it must be filled, else false.")
    return Column(heading.strip(), holds, most, is_needed)


def parcels_of(boxes: QuerySet[Box]) -> list[Parcel]:
    """Those of the boxes that are packed and checked, by code."""
    ready = Box.objects.ready().filter(pk__in=boxes.order_by().values("pk"))
    rows = list(ready.select_related("registration__local", "registration__week", "place").order_by("code"))
    lines: defaultdict[int, list[BoxLine]] = defaultdict(list)
    for line in BoxLine.objects.filter(box__in=rows).select_related("item").order_by("item__sku"):
        lines[line.box_id].append(line)
    return [Parcel(box, lines[box.pk]) for box in rows]


def look(profile: CarrierProfile, parcels: list[Parcel]) -> list[Fault]:
    """What is wrong with each of the boxes, all of it at once. Raises UnusableColumns."""
    columns = columns_of(profile.columns)
    return [fault for parcel in parcels for fault in _faults(profile, columns, parcel)]


def _faults(profile: CarrierProfile, columns: list[Column], parcel: Parcel) -> Iterator[Fault]:
    box = parcel.box
    street = [parcel.place("address1"), parcel.place("address2")]
    if any(map(is_post_office_box, street)) and not profile.takes_po_boxes and not box.place.judged_by_staff:
        yield Fault(box, "", "It goes to a PO box, where this carrier does not deliver.",
                    "Ask the local for a street address, or send it by the Postal Service.")  # fmt: skip
    for column in columns:
        cell = HOLDERS[column.holds].cell(parcel)
        if column.is_needed and not cell.strip():
            yield Fault(box, column.heading, "It is empty.", _how_to_fill(column.holds))
        if len(cell) > column.most:
            yield Fault(box, column.heading, f"It has {len(cell)} characters; the most are {column.most}.",
                        "Shorten it on the registration, or move a part of it to the second line.")  # fmt: skip
        if strange := _strange(cell, profile.characters):
            yield Fault(box, column.heading, f"The carrier cannot read: {' '.join(strange)}",
                        "Write it on the registration with English letters.")  # fmt: skip


def _how_to_fill(holds: str) -> str:
    if holds in ("ounces", "pounds"):
        return "Give the weight of the items in this box under Materials."
    return "Fill it in on the registration."


def _strange(text: str, characters: str) -> list[str]:
    """The signs that cannot be written, and those that end a line in the middle of a cell."""
    return [sign for sign in dict.fromkeys(text) if not sign.isprintable() or not _can_be_written(sign, characters)]


def _can_be_written(sign: str, characters: str) -> bool:
    return bool(sign.encode(characters, errors="ignore"))


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and without the apostrophe that a carrier would print."""
    return text.lstrip("".join(csv.FORMULA_STARTS))


@transaction.atomic
def export(*, boxes: QuerySet[Box], profile: CarrierProfile, by: User, wave: Wave | None = None) -> bytes:
    """The file. That addresses were taken along is recorded: on the wave, where they are of one, else on each box.

    Raises NothingChecked, DoesNotFit, UnusableColumns.
    """
    columns = columns_of(profile.columns)
    parcels = parcels_of(boxes)
    if not parcels:
        raise NothingChecked
    if faults := look(profile, parcels):
        raise DoesNotFit(faults)
    rows = [[plain(HOLDERS[column.holds].cell(parcel)) for column in columns] for parcel in parcels]
    text = "".join(csv.lines([[column.heading for column in columns], *rows]))
    about = [wave] if wave else [parcel.box for parcel in parcels]
    audit.record(by=by, objects=about, did="Exported for a carrier", profile=profile.name, boxes=len(parcels))
    return text.encode(profile.characters)
