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
from django.db.models import Field, Model, QuerySet

from csan.lib.csvfiles import Table, UnusableFile, plain_heading

ROWS_AT_ONCE = 5000


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
        written.append((*at, *wanted))
    _write(model, [*key, *fields], written, key=key)
    gone = [row[-1] for at, row in before.items() if at not in rows] if removes else []
    if gone:
        report.removed += len(gone)
        known.filter(pk__in=gone).delete()


def _write(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]], *, key: Sequence[str]) -> None:
    """Insert the rows, or change those whose key is there. A column is one array, so that thousands go in quickly."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    others = [name for name in fields if name not in names]
    defaults = tuple(fields[name].get_default() for name in others)
    quoted = connection.ops.quote_name
    columns = [(quoted(str(fields[name].column)), _array_of(fields[name])) for name in (*names, *others)]
    changing = [quoted(str(fields[name].column)) for name in names if name not in key]
    sets = ", ".join(f"{column} = excluded.{column}" for column in changing)
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(name for name, _ in columns)}) "  # noqa: S608 - our own names
        f"SELECT * FROM unnest({', '.join(f'%s::{type_}' for _, type_ in columns)}) "
        f"ON CONFLICT ({', '.join(quoted(str(fields[name].column)) for name in key)}) DO "
        + (f"UPDATE SET {sets}" if sets else "NOTHING")
    )
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            part = [(*row, *defaults) for row in rows[begin : begin + ROWS_AT_ONCE]]
            cursor.execute(sql, [list(column) for column in zip(*part, strict=True)])


def _array_of(field: Field[Any, Any]) -> str:
    """The type of a column's array. Texts are cast to no length, which would cut them without a word."""
    kind = str(field.db_type(connection))
    return "text[]" if kind.startswith("varchar") else f"{kind}[]"
