"""Who put their name to which bill, out of a list that staff keep: a line a name."""

import re
from datetime import date
from pathlib import Path

from django.db import transaction

from csan.lib.intake import BrokenLine, Remark, Report, alone, lines_of, merge_rows, open_table
from petitions.importing.people import numbers_of_legislators
from petitions.models import Cosponsorship, Measure

COLUMNS = {
    "measure": ("measure", "bill", "billid"),
    "bioguide": ("bioguide", "bioguideid"),
    "since": ("since", "date", "cosponsoredon", "sponsorshipdate"),
    "withdrawn": ("withdrawn", "withdrawnon", "sponsorshipwithdrawndate"),
}
KINDS = "|".join(sorted(Measure.Kind.values, key=len, reverse=True))
# As people and files write it: “H.R.1300 (115th Congress)”, “hr1300-115”; “115-hr-1300”, “115 H.R. 1300”.
CONGRESS = r"(?P<congress>\d{2,3})(?:st|nd|rd|th)?"
KIND_FIRST = re.compile(rf"(?P<kind>{KINDS})-?(?P<number>\d{{1,5}})[-(]+{CONGRESS}(?:-?congress)?\)?")
CONGRESS_FIRST = re.compile(rf"{CONGRESS}-?(?P<kind>{KINDS})-?(?P<number>\d{{1,5}})")


@transaction.atomic
def import_cosponsors(path: Path) -> Report:
    """Take the list in. Raises UnusableFile, OSError. Nobody is taken off a bill: say that they withdrew."""
    alone("bills")
    report = Report()
    measures = {(row.congress, row.kind, row.number): row.pk for row in Measure.objects.filter(jurisdiction="US")}
    people = numbers_of_legislators()
    sponsors = set(Cosponsorship.objects.filter(is_sponsor=True).values_list("measure", "legislator"))
    rows: dict[tuple[int, int], dict[str, date | None]] = {}
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=("measure", "bioguide"), report=report):
            try:
                measure = measures.get(name := _name(line.cells["measure"]))
                if measure is None:
                    raise BrokenLine(
                        f"we have no measure “{line.cells['measure']}” ({name[1]} {name[2]}, {name[0]}th)"
                    )
                person = people.get(line.cells["bioguide"].upper())
                if person is None:
                    raise BrokenLine(f"we know nobody with the Bioguide number “{line.cells['bioguide']}”")
                if (measure, person) in sponsors:
                    report.skipped.append(Remark(line.number, "they brought the bill in; a sponsor is no cosponsor"))
                    continue
                rows[measure, person] = _days(line.cells)
            except BrokenLine as error:
                report.broken.append(Remark(line.number, str(error)))
    known = Cosponsorship.objects.filter(measure__in={measure for measure, _ in rows})
    merge_rows(known, rows, key=("measure_id", "legislator_id"), report=report, removes=False)
    return report


def _name(text: str) -> tuple[int, str, int]:
    """Congress, type and number. Numbers start anew in each Congress, so one without it names nothing."""
    written = re.sub(r"[\s/-]+", "-", text.lower().replace(".", ""))
    found = KIND_FIRST.fullmatch(written) or CONGRESS_FIRST.fullmatch(written)
    if not found:
        raise BrokenLine(f"“{text}” is no measure of a Congress, such as H.R.1300 (115th)")
    return int(found["congress"]), found["kind"], int(found["number"])


def _days(cells: dict[str, str]) -> dict[str, date | None]:
    since, withdrawn_on = _day(cells.get("since", "")), _day(cells.get("withdrawn", ""))
    if since and withdrawn_on and withdrawn_on < since:
        raise BrokenLine("they withdrew before they had put their name to it")
    return {"since": since, "withdrawn_on": withdrawn_on}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BrokenLine(f"“{text}” is no day such as 2017-03-02") from error
