"""Who sits in which committee. A committee in the file has the members that it names there, and no others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from csan.lib.csvfiles import UnusableFile
from csan.lib.intake import Remark, Report, alone, lines_of, merge_rows, open_table
from petitions.importing.people import numbers_of_legislators
from petitions.importing.records import is_json, read_json, words
from petitions.models import CommitteeSeat

COLUMNS = {
    "bioguide": ("bioguide",),
    "committee": ("committeeid", "committee"),
    "name": ("committeename",),
    "of_subcommittee": ("committeesubcommitteename",),
    "title": ("title",),
    "rank": ("rank",),
}


@transaction.atomic
def import_committees(path: Path) -> Report:
    """Take the list in, CSV or JSON; JSON has no names of committees, so those that we know stay.

    Raises UnusableFile, OSError.
    """
    alone("legislators")
    report = Report()
    people = numbers_of_legislators()
    known_names = dict(CommitteeSeat.objects.values_list("committee", "name"))
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for number, entry in _entries(path, report):
        committee, person = words(entry, "committee").upper(), people.get(words(entry, "bioguide").upper())
        rank = words(entry, "rank")
        if not committee or len(committee) > 10 or not committee.isalnum():
            report.broken.append(Remark(number, f"“{committee}” is no committee's code"))
        elif rank and not (rank.isdecimal() and int(rank) < 1000):
            report.broken.append(Remark(number, f"“{rank}” is no rank"))
        elif person is None:
            report.skipped.append(
                Remark(number, f"{committee}: we know nobody with the number “{words(entry, 'bioguide')}”")
            )
        else:
            name = ": ".join(filter(None, [words(entry, "name"), words(entry, "of_subcommittee")]))
            rows[committee, person] = {
                "name": (name or known_names.get(committee, committee))[:200],
                "title": words(entry, "title")[:60],
                "rank": int(rank) if rank else None,
            }
    if not rows:
        raise UnusableFile("No seat of it could be read, so nothing was changed.")
    known = CommitteeSeat.objects.filter(committee__in={committee for committee, _ in rows})
    merge_rows(known, rows, key=("committee", "legislator_id"), report=report, removes=not report.broken)
    return report


def _entries(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    if is_json(path):
        yield from _entries_of_json(path, report)
        return
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=("bioguide", "committee"), report=report):
            yield line.number, dict(line.cells)


def _entries_of_json(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """A list of members under each committee's code."""
    whole = read_json(path)
    if not isinstance(whole, dict):
        raise UnusableFile("It is not a table of committees.")
    for number, (committee, members) in enumerate(whole.items(), start=1):
        for member in members if isinstance(members, list) else []:
            report.read += 1
            cells = member if isinstance(member, dict) else {}
            yield number, {**cells, "name": "", "committee": committee}
