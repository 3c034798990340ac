"""Who sits in Congress, and sat: out of unitedstates/congress-legislators, as JSON with all terms or as CSV.

Nobody is deleted. Who is no longer in a file of those who sit now has left, and the term ends today.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from csan.lib.csvfiles import UnusableFile
from csan.lib.intake import BrokenLine, Remark, Report, alone, lines_of, merge_rows, open_table
from petitions.districts import congress_on, vacancies
from petitions.importing.people import is_bioguide, numbers_of_legislators
from petitions.importing.records import entries_of, is_json, words
from petitions.importing.terms import CONTACTS, Served, dated_term, running_term
from petitions.models import Legislator, Term

# More than so many at once do not leave; a file that lacks them is a part of the list.
MOST_LEFT, MOST_LEFT_SHARE = 3, 0.1
SENATORS_OF_A_STATE = 2
DAYS = ("starts_on", "ends_on")
WRITTEN = ("chamber", "state", "number", *DAYS, *CONTACTS)
# What the CSV file calls its columns, written plainly.
COLUMNS = {
    name: (name.replace("_", ""),)
    for name in (
        "bioguide_id", "first_name", "last_name", "full_name", "type", "state", "district", "senate_class", "party",
        "url", "address", "phone", "contact_form",
    )
}  # fmt: skip
REQUIRED = ("bioguide_id", "first_name", "last_name", "type", "state", "district")


@dataclass(frozen=True)
class Entry:
    """A legislator as the file has them."""

    bioguide: str
    given_name: str
    family_name: str
    full_name: str
    terms: list[Served]


@dataclass
class TermChanges:
    """The terms to be written, and whose they are."""

    new: list[Term] = field(default_factory=list)
    changed: list[Term] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        return {term.legislator_id for term in [*self.new, *self.changed]}


@transaction.atomic
def import_legislators(path: Path) -> Report:
    """Take the list in. Raises UnusableFile, OSError."""
    alone("legislators")
    report, today = Report(), timezone.localdate()
    entries = {entry.bioguide: entry for entry in _entries(path, report, today)}
    if not entries:
        raise UnusableFile("Nobody of it could be read, so nothing was changed.")
    numbers = _write_names(entries, report)
    changes = _changes({numbers[each.bioguide]: each for each in entries.values()}, today)
    Term.objects.bulk_create(changes.new, batch_size=1000)
    Term.objects.bulk_update(changes.changed, WRITTEN, batch_size=200)
    report.notes.append(f"Terms: {len(changes.new)} added, {len(changes.changed)} changed")
    _count(changes.people, entries, numbers, report)
    _end_terms_of_others({numbers[bioguide] for bioguide in entries}, today, report)
    _describe(today, report)
    return report


def _entries(path: Path, report: Report, today: date) -> Iterator[Entry]:
    read = _entries_of_json if is_json(path) else _entries_of_csv
    for number, entry in read(path, report):
        try:
            yield _entry(entry, today)
        except BrokenLine as error:
            report.broken.append(Remark(number, str(error)))


def _entries_of_json(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """Flattened to the names of the CSV file; `terms` stays a list."""
    for number, entry in entries_of(path):
        report.read += 1
        ids, name, terms = (entry.get(part) for part in ("id", "name", "terms"))
        ids, name = ids if isinstance(ids, dict) else {}, name if isinstance(name, dict) else {}
        yield (
            number,
            {
                "bioguide_id": ids.get("bioguide"),
                "first_name": name.get("first"),
                "last_name": name.get("last"),
                "full_name": name.get("official_full"),
                "terms": [term for term in terms if isinstance(term, dict)] if isinstance(terms, list) else [],
            },
        )


def _entries_of_csv(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    with open_table(path) as table:
        for line in lines_of(table, COLUMNS, required=REQUIRED, report=report):
            yield line.number, dict(line.cells)


def _entry(said: dict[str, Any], today: date) -> Entry:
    """Raises BrokenLine."""
    bioguide = words(said, "bioguide_id").upper()
    given_name, family_name = words(said, "first_name")[:100], words(said, "last_name")[:100]
    if not is_bioguide(bioguide):
        raise BrokenLine(f"“{bioguide}” is no Bioguide number such as S001203")
    if not family_name:
        raise BrokenLine(f"{bioguide} has no name")
    terms = [dated_term(each) for each in said["terms"]] if "terms" in said else [running_term(said, today)]
    full_name = words(said, "full_name") or f"{given_name} {family_name}"
    return Entry(bioguide, given_name, family_name, full_name[:200], terms)


def _write_names(entries: dict[str, Entry], report: Report) -> dict[str, int]:
    """Who they are. Gives back the numbers of all legislators."""
    rows = {
        (each.bioguide,): {
            "given_name": each.given_name, "family_name": each.family_name, "full_name": each.full_name,
        }
        for each in entries.values()
    }  # fmt: skip
    known = Legislator.objects.filter(bioguide__in=entries)
    merge_rows(known, rows, key=("bioguide",), report=report, removes=False)
    return numbers_of_legislators()


def _changes(entries: dict[int, Entry], today: date) -> TermChanges:
    """Compare the file's terms with ours: by their first day, else by the seat that they share for a time."""
    known: dict[int, list[Term]] = {}
    for row in Term.objects.filter(legislator__in=entries):
        known.setdefault(row.legislator_id, []).append(row)
    changes = TermChanges()
    for number, entry in entries.items():
        for term, served in _pair(known.get(number, []), entry.terms, today):
            values = _values(served, term)
            if term is None:
                changes.new.append(Term(legislator_id=number, **values))
            elif any(getattr(term, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(term, name, value)
                changes.changed.append(term)
    return changes


def _pair(known: list[Term], served: list[Served], today: date) -> Iterator[tuple[Term | None, Served]]:
    """Each term of the file with the row that is the same, if there is one."""
    left = {(term.chamber, term.starts_on): term for term in known}
    moved = []
    for each in served:
        same_day = left.pop((each.chamber, each.starts_on), None) if each.is_dated else None
        if same_day:
            yield same_day, each
        else:
            moved.append(each)
    for each in moved:
        same = [key for key, term in left.items() if each.overlaps(term) and (each.is_dated or term.ends_on > today)]
        yield (left.pop(same[0]) if same else None), each


def _values(served: Served, term: Term | None) -> dict[str, Any]:
    """What the row should say. Days that were only worked out never replace those that somebody has given."""
    given = served.is_dated or term is None
    days = {"starts_on": served.starts_on, "ends_on": served.ends_on} if given else {}
    return {"chamber": served.chamber, "state": served.state, "number": served.number, **days, **served.contacts}


def _count(touched: set[int], entries: dict[str, Entry], numbers: dict[str, int], report: Report) -> None:
    """People whose name stayed and one of whose terms changed have changed, too."""
    untouched = sum(numbers[bioguide] not in touched for bioguide in entries)
    moved = max(report.unchanged - untouched, 0)
    report.changed, report.unchanged = report.changed + moved, report.unchanged - moved


def _end_terms_of_others(numbers: set[int], today: date, report: Report) -> None:
    """Who sits by our list and is not in the file has left: a seat is not theirs any more from today on."""
    sitting = Term.objects.on(today)
    gone = list(sitting.exclude(legislator__in=numbers).select_related("legislator").order_by("state", "number"))
    if len(gone) > max(MOST_LEFT, MOST_LEFT_SHARE * sitting.count()):
        report.notes.append(
            f"{len(gone)} who sit are not in the file. So many do not leave at once, so their terms were left alone."
        )
        return
    for term in gone:
        term.ends_on = max(today, term.starts_on + timedelta(days=1))
        term.save(update_fields=["ends_on"])
        report.changed += 1
        report.notes.append(f"{term} is not in the file any more: the term ends on {term.ends_on}")


def _describe(today: date, report: Report) -> None:
    """Who sits today, and which seats nobody holds."""
    sitting = list(Term.objects.on(today))
    senators = Counter(term.state for term in sitting if term.chamber == Term.Chamber.SENATE)
    house = [term for term in sitting if term.chamber == Term.Chamber.HOUSE]
    without_vote = sum(not term.has_vote for term in house)
    report.notes.append(
        f"On {today}, in the {congress_on(today)}th Congress, {senators.total()} senators and {len(house)} members of "
        f"the House sit, {without_vote} of them without a vote"
    )
    short = sorted(state for state, count in senators.items() if count < SENATORS_OF_A_STATE)
    for chamber, seats in (("the House", vacancies(on=today)), ("the Senate", short)):
        report.notes.append(f"Vacant seats of {chamber}: {', '.join(seats) or 'none that we know of'}")
