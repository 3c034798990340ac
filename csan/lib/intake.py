"""Taking files in: what was read, added, changed and skipped and why; rows merged in a few statements.

A broken line is named and left out, the rest goes in. Whoever imports calls `alone` first, so that two imports of the
same kind follow each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model, QuerySet

from csan.lib.csvfiles import Table, UnusableFile, plain_heading

ROWS_AT_ONCE = 2000


class BrokenLine(Exception):
    """A line that cannot be understood; the text says why."""


class Remark(NamedTuple):
    """Something to say about one line."""

    line: int
    reason: str


@dataclass
class Report:
    """What became of a file. `notes` are about the whole of it."""

    read: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: list[Remark] = field(default_factory=list)
    broken: list[Remark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def has_changed_something(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def sums(self) -> str:
        """The figures in one sentence."""
        return (
            f"{self.read} read, {self.added} added, {self.changed} changed, {self.removed} removed, "
            f"{self.unchanged} unchanged, {len(self.skipped)} skipped, {len(self.broken)} broken"
        )


class Line(NamedTuple):
    """A line of a table: its number, and its cells by the names that we asked for, without blanks around."""

    number: int
    cells: dict[str, str]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """A CSV file, read line by line. Raises UnusableFile, OSError."""
    with path.open("rb") as file:
        table = Table(file)
        try:
            yield table
        finally:
            table.detach()


def lines_of(
    table: Table, columns: Mapping[str, Sequence[str]], *, required: Sequence[str], report: Report
) -> Iterator[Line]:
    """The table's lines; `columns` are the headings that each name may have, written plainly.

    Counts what is read. Names lines that are no rows. Raises UnusableFile where a required column is missing.
    """
    written = [plain_heading(heading) for heading in table.headings]
    places = {name: written.index(word) for name, words in columns.items() for word in words[::-1] if word in written}
    if missing := [name for name in required if name not in places]:
        raise UnusableFile(f"No column is called {' or '.join(missing)}; there are {', '.join(table.headings)}.")
    for row in table:
        report.read += 1
        if row.broken:
            report.broken.append(Remark(row.line, row.broken))
            continue
        cells = row.cells
        yield Line(row.line, {name: cells[n].strip() if n < len(cells) else "" for name, n in places.items()})


def alone(what: str) -> None:
    """Wait until no other import of this kind is at work; until the end of the transaction, others wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {what}"])


def merge_rows(
    known: QuerySet[Any],
    rows: Mapping[tuple[Any, ...], Mapping[str, Any]],
    *,
    key: Sequence[str],
    report: Report,
    removes: bool,
) -> None:
    """Make the `known` rows say what `rows` does: by their key, which has a unique constraint, their other fields.

    What is not in `rows` is deleted where `removes`. Writes nothing where nothing has changed.
    """
    model: type[Model] = known.model
    fields = list(next(iter(rows.values()), {}))
    before = {tuple(row[: len(key)]): row[len(key) :] for row in known.values_list(*key, *fields, "pk")}
    written = []
    for at, values in rows.items():
        wanted = tuple(values[name] for name in fields)
        if at not in before:
            report.added += 1
        elif before[at][:-1] == wanted:
            report.unchanged += 1
            continue
        else:
            report.changed += 1
        written.append(model(**dict(zip(key, at, strict=True)), **values))
    _write(model, written, key, fields)
    gone = [row[-1] for at, row in before.items() if at not in rows] if removes else []
    if gone:
        report.removed += len(gone)
        known.filter(pk__in=gone).delete()


def _write(model: type[Model], rows: list[Model], key: Sequence[str], fields: list[str]) -> None:
    if not rows:
        return
    unique = [model._meta.get_field(name.removesuffix("_id")).name for name in key]
    changing = [model._meta.get_field(name.removesuffix("_id")).name for name in fields]
    if changing:
        model._base_manager.bulk_create(
            rows, batch_size=ROWS_AT_ONCE, update_conflicts=True, unique_fields=unique, update_fields=changing
        )
    else:
        model._base_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
