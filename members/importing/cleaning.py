"""One line of a file as clean values: what cannot be used is left out, and named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django import forms
from django.utils import timezone

from csan.lib.addresses import InvalidAddress, email_key, normalise
from csan.lib.csv import FORMULA_STARTS
from csan.lib.csvfiles import plain_heading
from csan.lib.forms import LineField, ZipField
from members.importing.columns import COLUMNS, EMAIL

NAME = LineField(required=False)
ZIP = ZipField(required=False)
LANGUAGES = {
    "en": "en", "eng": "en", "english": "en", "ingles": "en", "enus": "en",
    "es": "es", "spa": "es", "spanish": "es", "espanol": "es", "esus": "es", "castellano": "es",
}  # fmt: skip
LEFT = {
    "unsubscribed", "left", "optedout", "optout", "inactive", "bounced", "complained", "cleaned", "removed",
    "baja", "dadodebaja", "cancelado",
}  # fmt: skip
DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y")
EARLIEST = date(1980, 1, 1)  # before it nobody agreed to a letter by e-mail


@dataclass
class Entry:
    """What a line says. `invalid` is why it cannot go in; `notes` what was left out of it."""

    line: int
    email: str = ""
    email_key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    consented_on: date | None = None
    says_left: bool = False
    invalid: str = ""
    notes: list[str] = field(default_factory=list)


def read(line: int, cells: Sequence[str] | None, broken: str, columns: Mapping[str, int]) -> Entry:
    """A line of the file, by the columns that staff chose."""
    entry = Entry(line)
    if cells is None:
        entry.invalid = f"The line cannot be read: {broken}."
        return entry
    said = {name: cell_at(cells, number) for name, number in columns.items() if name in COLUMNS}
    address = said.pop(EMAIL, "")
    if not address:
        entry.invalid = "There is no e-mail address on this line."
        return entry
    try:
        entry.email = normalise(address.removeprefix("mailto:").strip("<>"))
    except InvalidAddress:
        entry.invalid = f"“{address[:100]}” is not a complete e-mail address."
        return entry
    entry.email_key = email_key(entry.email)
    entry.says_left = plain_heading(said.pop("status", "")) in LEFT
    _take_date(entry, said.pop("consented_on", ""))
    _take_language(entry, said.pop("language", ""))
    for name, text in said.items():
        _take(entry, name, text)
    return entry


def cell_at(cells: Sequence[str], number: int) -> str:
    """A cell as it was meant: trimmed, without the apostrophe that keeps spreadsheets from running it."""
    text = cells[number].strip() if 0 <= number < len(cells) else ""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _take(entry: Entry, name: str, text: str) -> None:
    if not text:
        return
    if name == "zip_code" and re.fullmatch(r"\d{3,4}", text):
        text = text.zfill(5)  # spreadsheets take the zeros of New England for nothing
    try:
        entry.values[name] = (ZIP if name == "zip_code" else NAME).clean(text)
    except forms.ValidationError as error:
        entry.notes.append(f"{COLUMNS[name]} left out: {' '.join(error.messages)}")


def _take_language(entry: Entry, text: str) -> None:
    if not text:
        return
    language = LANGUAGES.get(plain_heading(text))
    if language is None:
        entry.notes.append(f"Language left out: “{text[:30]}” is neither English nor Spanish.")
    else:
        entry.values["language"] = language


def _take_date(entry: Entry, text: str) -> None:
    if not text:
        return
    day = day_of(text)
    if day is None or not EARLIEST <= day <= timezone.localdate():
        entry.notes.append(f"Date of consent left out: “{text[:30]}” is no day that has been.")
    else:
        entry.consented_on = day


def day_of(text: str) -> date | None:
    """A day as Americans and machines write it, also with a time behind it; None where it is none."""
    for words in (text, re.split(r"[T ]\d", text)[0]):
        for pattern in DATES:
            try:
                return datetime.strptime(words.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    return None
