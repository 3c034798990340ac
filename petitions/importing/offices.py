"""Offices at home. Whoever is in the file has the offices that it names, and no others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from csan.lib.csvfiles import UnusableFile
from csan.lib.intake import Remark, Report, alone, lines_of, merge_rows, open_table
from csan.lib.states import NAMES
from petitions.importing.people import numbers_of_legislators
from petitions.importing.records import entries_of, is_json, words
from petitions.models import Office

LONGEST = {"building": 120, "address": 200, "suite": 60, "city": 80, "state": 2, "zip": 10, "phone": 20}
COLUMNS = {name: (name,) for name in ("bioguide", "id", *LONGEST)}


@transaction.atomic
def import_offices(path: Path) -> Report:
    """Take the list in, CSV or JSON. Raises UnusableFile, OSError."""
    alone("legislators")
    report = Report()
    people = numbers_of_legislators()
    rows: dict[tuple[str], dict[str, Any]] = {}
    for number, entry in _entries(path, report):
        person, slug = people.get(words(entry, "bioguide").upper()), words(entry, "id")
        city, state = words(entry, "city"), words(entry, "state").upper()
        if not slug or len(slug) > 100:
            report.broken.append(Remark(number, "the office has no id that could be kept"))
        elif not city or state not in NAMES:
            report.broken.append(Remark(number, f"{slug}: “{city}”, “{state}” is no city and state"))
        elif person is None:
            report.skipped.append(Remark(number, f"{slug}: we know nobody of that number; import legislators first"))
        else:
            texts = {name: words(entry, name)[:longest] for name, longest in LONGEST.items()}
            rows[(slug,)] = {"legislator_id": person, "zip_code": texts.pop("zip"), **texts, "state": state}
    if not rows:
        raise UnusableFile("No office of it could be read, so nothing was changed.")
    of_these = Office.objects.filter(legislator__in={row["legislator_id"] for row in rows.values()})
    known = of_these | Office.objects.filter(slug__in=[slug for (slug,) in rows])
    merge_rows(known, rows, key=("slug",), report=report, removes=not report.broken)
    return report


def _entries(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    if is_json(path):
        yield from _entries_of_json(path, report)
        return
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=("bioguide", "id", "city", "state"), report=report):
            yield line.number, dict(line.cells)


def _entries_of_json(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """A legislator an entry, each with a list of offices."""
    for number, entry in entries_of(path):
        ids, offices = entry.get("id"), entry.get("offices")
        for office in offices if isinstance(offices, list) else []:
            report.read += 1
            bioguide = ids.get("bioguide") if isinstance(ids, dict) else None
            yield number, {**(office if isinstance(office, dict) else {}), "bioguide": bioguide}
