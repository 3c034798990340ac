"""Which local an officer means: the one of the directory, else a few of it to choose from, else what was typed.

Only the directory is asked, never who registered: a local typed by hand, registered or not, is unknown here.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from campaigns.entering.fields import AFFILIATES, DEFAULT_AFFILIATE, LocalNumberField
from members import directory
from members.models import Local

MOST = 6  # to choose from: as many as a phone shows at once
SECTOR = re.compile(r"\s*([a-z]{2,6}-CWA|CWA)\b[\s,-]*", re.IGNORECASE)
SOME_NUMBER = re.compile(r"\d{3,6}")
NAMES = [name for name, _ in AFFILIATES]


@dataclass(frozen=True)
class Meant:
    """`number` is empty where what was typed is no number and no local's name; `local` is the directory's."""

    affiliate: str
    number: str = ""
    local: Local | None = None
    others: tuple[Local, ...] = ()


def read(written: str, affiliate: str) -> Meant:
    """What somebody means by "1101", "IUE-CWA Local 81381", "Salisbury, MD" or a name, beside a chosen sector."""
    said, number = _sector_and_number(written)
    for name in dict.fromkeys((affiliate, said) if said == DEFAULT_AFFILIATE else (said or affiliate,)):
        if number and (local := _of_sector(name, number)):
            return Meant(local.affiliate, local.number, local)
    if number:
        others = directory.locals_like(number, most=MOST)
        return Meant(affiliate if said == DEFAULT_AFFILIATE else said or affiliate, number, others=_offered(others))
    local = directory.local_named(written)
    if local and local.affiliate in NAMES and (local.district or local.state):
        return Meant(local.affiliate, local.number, local)
    others = directory.locals_like(written, most=MOST)
    if not others and (found := SOME_NUMBER.search(written)):
        others = directory.locals_like(found[0], most=MOST)
    return Meant(affiliate, others=_offered(others))


def picked(value: str) -> Local | None:
    """The local of the directory whose button was pressed, such as `CWA:1101`."""
    affiliate, _colon, number = value.partition(":")
    if affiliate not in NAMES or not number.isprintable():
        return None
    return directory.known().filter(affiliate=affiliate, number=number).first()


def _of_sector(affiliate: str, number: str) -> Local | None:
    rows = directory.known().filter(affiliate=affiliate, number__iexact=number)
    return rows.first()


def _sector_and_number(written: str) -> tuple[str, str]:
    said, rest = "", written
    if found := SECTOR.match(written):
        name = found[1].upper()
        if name in NAMES:
            said, rest = name, written[found.end() :]
    try:
        return said, LocalNumberField().clean(rest)
    except ValidationError:
        return "", ""


def _offered(locals_: list[Local]) -> tuple[Local, ...]:
    return tuple(local for local in locals_ if local.affiliate in NAMES)
