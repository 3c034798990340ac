"""Which states have new lines from a Congress on: until the new table is in, theirs tell nothing."""

from pathlib import Path

from django.db import transaction

from csan.lib.intake import Remark, Report, alone, lines_of, merge_rows, open_table
from csan.lib.states import NAMES
from petitions import resolving
from petitions.models import DistrictReview, Redrawing

COLUMNS = {
    "state": ("state",),
    "is_new": ("newmapusednov2026", "newmap", "redrawn", "new"),
    "plan": ("plan", "map"),
    "adopted": ("adopted", "since", "date"),
    "note": ("note", "notes"),
}
YES, NO, PERHAPS = (
    ("", "yes", "y", "true", "1"),
    ("no", "n", "false", "0"),
    ("uncertain", "unknown", "perhaps", "maybe"),
)


@transaction.atomic
def import_redrawings(path: Path, *, congress: int) -> Report:
    """Take the list in: states whose lines change with this Congress. Raises UnusableFile, OSError.

    Where it is uncertain, the old lines are not trusted either: a wrong representative is worse than none.
    """
    alone("districts")
    report = Report()
    rows: dict[tuple[int, str], dict[str, str]] = {}
    unchanged = set()
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=("state",), report=report):
            state, is_new = line.cells["state"].upper(), line.cells.get("is_new", "").lower()
            if state not in NAMES:
                report.broken.append(Remark(line.number, f"“{state}” is no state"))
            elif is_new in NO:
                unchanged.add(state)
                report.skipped.append(Remark(line.number, f"{state} keeps its lines"))
            elif is_new in YES or is_new in PERHAPS:
                rows[congress, state] = {"note": _note(line.cells, is_uncertain=is_new in PERHAPS)}
                if is_new in PERHAPS:
                    report.notes.append(
                        f"{state}: uncertain, so it is taken as redrawn. If the old lines stand, delete its row on "
                        "the staff site, under Redrawn states."
                    )
            else:
                report.broken.append(Remark(line.number, f"“{is_new}” is neither yes nor no nor uncertain"))
    known = Redrawing.objects.filter(congress=congress)
    merge_rows(known, rows, key=("congress", "state"), report=report, removes=False)
    report.removed, _ = known.filter(state__in=unchanged).delete()
    if report.has_changed_something:
        resolving.begin_review(reason=DistrictReview.Reason.IMPORT, congress=congress)
    return report


def _note(cells: dict[str, str], *, is_uncertain: bool) -> str:
    said = [cells.get(name, "") for name in ("plan", "adopted", "note")]
    return "; ".join(filter(None, ["uncertain" if is_uncertain else "", *said]))[:200]
