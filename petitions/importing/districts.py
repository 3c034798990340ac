"""Which ZIP code lies in which district, for one Congress: each state's rows are replaced by the file's."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from csan.lib.csvfiles import Table, UnusableFile
from csan.lib.intake import BrokenLine, Line, Remark, Report, alone, lines_of, merge_rows, open_table
from csan.lib.states import NAMES
from petitions import resolving
from petitions.importing import census
from petitions.models import District, DistrictReview, ZipDistrict

COLUMNS = {
    "zip": ("zip", "zipcode", "zcta", "zip5"),
    "state": ("state", "stateabbr"),
    "district": ("district", "cd", "number"),
    "precision": ("precision",),
}
CENSUS_COLUMNS = {"zip": ("geoidzcta520",)}
CENSUS = "census"
IS_ZIP, IS_NUMBER, IS_PRECISION = re.compile(r"[0-9]{5}"), re.compile(r"[0-9]{1,2}"), re.compile(r"[a-z]{0,6}")
Pair = tuple[str, str, str, str]  # ZIP code, state, district, precision


class WrongCongress(UnusableFile):
    """The file is of another Congress than was said, or nobody said of which."""


@transaction.atomic
def import_districts(path: Path, *, congress: int | None = None) -> Report:
    """Take a table in. Raises UnusableFile, WrongCongress, OSError.

    States that the file does not name keep their rows. Where a line is broken, nothing is taken away either: it may
    be the line that would have kept it.
    """
    alone("districts")
    report = Report()
    with open_table(path) as table:
        of_file = census.congress_of(table.headings)
        congress = _agreed(said=congress, of_file=of_file)
        pairs = list(_census_pairs(table, of_file, report) if of_file else _pairs(table, report))
    if not pairs:
        raise UnusableFile("No line of it tells a ZIP code's district, so nothing was changed.")
    _merge(congress, pairs, report)
    _describe(congress, pairs, report)
    if report.has_changed_something:
        resolving.begin_review(reason=DistrictReview.Reason.IMPORT, congress=congress)
    return report


def _agreed(*, said: int | None, of_file: int | None) -> int:
    congress = said or of_file
    if congress is None:
        raise WrongCongress("Say of which Congress the districts are: --congress 119.")
    if of_file and of_file != congress:
        raise WrongCongress(f"Its heading says that it is of the {of_file}th Congress, not of the {congress}th.")
    return congress


def _pairs(table: Table, report: Report) -> Iterator[Pair]:
    """Our own four columns; `precision` may be missing."""
    for line in lines_of(table, COLUMNS, required=("zip", "state", "district"), report=report):
        try:
            yield _pair(line)
        except BrokenLine as error:
            report.broken.append(Remark(line.number, str(error)))


def _pair(line: Line) -> Pair:
    zip_code, state = line.cells["zip"], line.cells["state"].upper()
    number, precision = line.cells["district"], line.cells.get("precision", "").lower()
    if not IS_ZIP.fullmatch(zip_code):
        lost = " (a spreadsheet has taken its zero?)" if zip_code.isdecimal() and len(zip_code) in (3, 4) else ""
        raise BrokenLine(f"“{zip_code}” is no ZIP code of five digits{lost}")
    if state not in NAMES:
        raise BrokenLine(f"“{state}” is no state")
    if not IS_NUMBER.fullmatch(number):
        raise BrokenLine(f"“{number}” is no district of one or two digits")
    if not IS_PRECISION.fullmatch(precision):
        raise BrokenLine(f"“{precision}” is no precision: census, tract or nothing")
    return zip_code, state, "00" if number == census.AT_LARGE else number.zfill(2), precision


def _census_pairs(table: Table, congress: int, report: Report) -> Iterator[Pair]:
    """The Census Bureau's seventeen columns. Parts of districts without a ZIP code area are none of ours."""
    columns = {**CENSUS_COLUMNS, "district": (f"geoidcd{congress}20",)}
    blank = 0
    for line in lines_of(table, columns, required=("zip", "district"), report=report):
        try:
            seat = census.seat_of(line.cells["district"])
            if not line.cells["zip"] or seat is None:
                blank += 1
                continue
            cells = {"zip": line.cells["zip"], "state": seat[0], "district": seat[1], "precision": CENSUS}
            yield _pair(Line(line.number, cells))
        except BrokenLine as error:
            report.broken.append(Remark(line.number, str(error)))
    if blank:
        report.notes.append(f"{blank} lines passed over: areas without a ZIP code, or in no district")


def _merge(congress: int, pairs: list[Pair], report: Report) -> None:
    removes = not report.broken
    if not removes:
        report.notes.append("As some lines are broken, no ZIP code was taken out of a district.")
    seats = {(state, number) for _, state, number, _ in pairs}
    of_states = District.objects.filter(congress=congress, state__in={state for state, _ in seats})
    merge_rows(  # its districts are not among the figures, which are those of lines
        of_states, {(congress, *seat): {} for seat in seats}, key=("congress", "state", "number"), report=Report(),
        removes=False,
    )  # fmt: skip
    numbers = {(state, number): pk for pk, state, number in of_states.values_list("pk", "state", "number")}
    rows = {
        (zip_code, numbers[state, number]): {"precision": precision} for zip_code, state, number, precision in pairs
    }
    twice = len(pairs) - len(rows)
    if twice:
        report.notes.append(f"{twice} lines say again what another line has said")
    known = ZipDistrict.objects.filter(district__in=numbers.values())
    merge_rows(known, rows, key=("zip_code", "district_id"), report=report, removes=removes)
    if removes:
        of_states.filter(zip_codes=None).delete()


def _describe(congress: int, pairs: list[Pair], report: Report) -> None:
    """What staff want to compare with the source's own figures."""
    of_zip: dict[str, set[str]] = {}
    for zip_code, state, number, _ in pairs:
        of_zip.setdefault(zip_code, set()).add(f"{state}-{number}")
    several = sum(len(codes) > 1 for codes in of_zip.values())
    across = sum(len({code[:2] for code in codes}) > 1 for codes in of_zip.values())
    districts = len(set().union(*of_zip.values()))
    states = len({state for _, state, _, _ in pairs})
    report.notes.append(
        f"{congress}th Congress: {len(of_zip)} ZIP codes in {districts} districts of {states} states and territories; "
        f"{several} lie in several districts, {across} in several states"
    )
