"""The directory of locals, out of a list: known ones are found by affiliate and number, empty cells say nothing."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation

from csan.lib.csvfiles import UnusableFile
from csan.lib.intake import BrokenLine, Remark, Report, alone, lines_of, merge_rows, open_table
from csan.lib.states import NAMES
from members.directory import DISTRICT_OF
from members.models import Local

COLUMNS = {
    "affiliate": ("affiliate", "union", "sector", "afiliada"),
    "number": ("number", "local", "localnumber", "localno", "numero", "numerodelocal"),
    "name": ("name", "localname", "nombre"),
    "district": ("district", "cwadistrict", "distrito"),
    "city": ("city", "town", "ciudad"),
    "state": ("state", "st", "estado"),
    "size": ("size", "members", "memberscount", "membership", "miembros"),
}
# “1101”, “Local 1101”, “# 1101”, “IUE-CWA Local 86004”.
WRITTEN = r"(?:(?:(?P<affiliate>[a-z][a-z-]*) )?local\b|no\.?|#)? ?(?P<number>.+)"
KEY = ("affiliate", "number")
FIELDS = ("name", "district", "city", "state", "size")


@transaction.atomic
def import_locals(path: Path) -> Report:
    """Take the list in. Raises UnusableFile, OSError. No local is taken away: people and registrations hang on it."""
    alone("locals")
    report = Report()
    known = {
        (row[0], row[1]): dict(zip(FIELDS, row[2:], strict=True))
        for row in Local.objects.all().values_list(*KEY, *FIELDS)
    }
    spelled = {(affiliate.lower(), number.lower()): (affiliate, number) for affiliate, number in known}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=("number",), report=report):
            try:
                key, said = _read(line.cells)
            except BrokenLine as error:
                report.broken.append(Remark(line.number, str(error)))
                continue
            key = spelled.setdefault((key[0].lower(), key[1].lower()), key)
            if key in rows:
                report.skipped.append(Remark(line.number, f"{key[0]} {key[1]} stands in an earlier line"))
                continue
            rows[key] = _merged(known.get(key), said)
    if not rows:
        raise UnusableFile("No local of it could be read, so nothing was changed.")
    merge_rows(Local.objects.all(), rows, key=KEY, report=report, removes=False)
    return report


@cache
def _states() -> dict[str, str]:
    """The states' codes by their English names, which are no words of our catalogue but of the file."""
    with translation.override("en"):
        return {str(name).lower(): code for code, name in NAMES.items()}


def _read(cells: dict[str, str]) -> tuple[tuple[str, str], dict[str, Any]]:
    """The local's own name, and what the line says of it. Raises BrokenLine."""
    written = re.fullmatch(WRITTEN, " ".join(cells["number"].split()), re.I)
    number = written["number"] if written else ""
    affiliate = " ".join(cells.get("affiliate", "").split()) or (written and written["affiliate"]) or "CWA"
    if len(affiliate) > 20 or not re.fullmatch(r"[\w][\w /-]{0,11}", number, re.ASCII):
        raise BrokenLine(f"“{affiliate}” “{cells['number']}” is no affiliate and number")
    said = cells.get("state", "")
    state = said.upper() if said.upper() in NAMES else _states().get(said.lower(), "")
    if said and not state:
        raise BrokenLine(f"“{said}” is no state")
    size = re.sub(r"[,\s]", "", cells.get("size", ""))
    if size and not re.fullmatch(r"[0-9]{1,7}", size):
        raise BrokenLine(f"“{cells['size']}” is no number of members")
    texts = {name: cells.get(name, "") for name in ("name", "district", "city")}
    for name, longest in (("name", 120), ("district", 8), ("city", 80)):
        if len(texts[name]) > longest:
            raise BrokenLine(f"its {name} is longer than {longest} characters")
    return (affiliate, number), {**texts, "state": state, "size": int(size) if size else None}


def _merged(known: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
    """What the list says, then what we knew; a district that neither says follows from the state."""
    old = known or dict.fromkeys(FIELDS, "") | {"size": None}
    row = {name: old[name] if said[name] in ("", None) else said[name] for name in FIELDS}
    return {**row, "district": row["district"] or DISTRICT_OF.get(row["state"], "")}
