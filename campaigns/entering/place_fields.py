"""The fields of a further place in a form: `place2_name`, `place2_address1` … by the place's number, from 2."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.entering.branches import MOST, Branch
from campaigns.entering.fields import MOST_MEMBERS, WRONG_MEMBERS, MembersField
from campaigns.entering.places import STATES
from csan.lib.forms import LineField, ZipField

NAMED = re.compile(r"place([1-9][0-9]?)_[a-z0-9_]+")
DROP = "drop"
COLUMNS = tuple(name for name in Branch.__dataclass_fields__ if name != "position")
MISSING = {
    "members_count": gettext_lazy("Enter how many members to pack for in this place."),
    "name": gettext_lazy("Enter who will receive this box."),
    "address1": gettext_lazy("Enter the street address that this box goes to."),
    "city": gettext_lazy("Enter the city of this place."),
    "state": gettext_lazy("Choose the state of this place."),
    "zip_code": gettext_lazy("Enter the ZIP code of this place."),
}


def name_of(position: int, column: str) -> str:
    """What the field is called."""
    return f"place{position}_{column}"


def positions_in(names: Iterable[str]) -> list[int]:
    """The numbers of the places that a form which was sent tells of."""
    found = {int(match[1]) for name in names if (match := NAMED.fullmatch(name))}
    return sorted(position for position in found if position > 1)[:MOST]


def is_told(position: int, data: Mapping[str, Any]) -> bool:
    """Whether anything was typed of this place, and it was not crossed out."""
    if data.get(name_of(position, DROP)):
        return False
    return any(
        str(data.get(name_of(position, column)) or "").strip() for column in COLUMNS if column != "uses_standard"
    )


def fields_of(position: int, *, is_needed: bool) -> dict[str, forms.Field]:
    """New fields for the place; what every place must say is only needed where it is one."""
    made = {name_of(position, column): field for column, field in _made(f"section-place{position} shipping").items()}
    for column, words in MISSING.items():
        field = made[name_of(position, column)]
        field.required = is_needed
        field.error_messages["required"] = words
        field.widget.is_required = is_needed
        if is_needed:
            field.widget.attrs["data-missing"] = words
    return made


def _made(section: str) -> dict[str, forms.Field]:
    """In the order in which they stand in the form."""
    return {**_about(), **_address(section), **_about_receiving()}


def _about() -> dict[str, forms.Field]:
    return {
        "label": LineField(
            label=gettext_lazy("What do you call this place?"),
            required=False,
            max_length=80,
            help_text=gettext_lazy("Such as the north call center."),
        ),
        "members_count": MembersField(
            label=gettext_lazy("How many of the members are there?"),
            min_value=1,
            max_value=MOST_MEMBERS,
            help_text=gettext_lazy("They are part of the number you gave for the whole local."),
            error_messages=dict(WRONG_MEMBERS),
        ),
    }


def _address(section: str) -> dict[str, forms.Field]:
    zip_code = ZipField()
    zip_code.widget.attrs["autocomplete"] = f"{section} postal-code"
    return {
        "name": LineField(label=gettext_lazy("Who will receive the box?"), autocomplete=f"{section} name"),
        "address1": LineField(
            label=gettext_lazy("Street address"),
            autocomplete=f"{section} address-line1",
            help_text=gettext_lazy("Not a PO box: parcel carriers cannot deliver there."),
        ),
        "address2": LineField(
            label=gettext_lazy("Suite, floor or building"), required=False, autocomplete=f"{section} address-line2"
        ),
        "city": LineField(label=gettext_lazy("City"), max_length=80, autocomplete=f"{section} address-level2"),
        "state": forms.ChoiceField(
            label=gettext_lazy("State"),
            choices=[("", gettext_lazy("Choose a state")), *STATES],
            widget=forms.Select(attrs={"autocomplete": f"{section} address-level1"}),
        ),
        "zip_code": zip_code,
    }


def _about_receiving() -> dict[str, forms.Field]:
    return {
        "receiving_hours": LineField(
            label=gettext_lazy("When can somebody take a parcel?"),
            required=False,
            max_length=200,
            help_text=gettext_lazy("Such as weekdays from 9 to 4."),
        ),
        "is_home": forms.BooleanField(
            label=gettext_lazy("This is somebody's home"),
            required=False,
            help_text=gettext_lazy(
                "Only who packs and ships sees it, and we erase it soon after the box has arrived."
            ),
        ),
        DROP: forms.BooleanField(
            label=gettext_lazy("No box goes here after all"),
            required=False,
            widget=forms.CheckboxInput(attrs={"data-drop": True}),
        ),
        "uses_standard": forms.BooleanField(required=False, widget=forms.HiddenInput),
    }
