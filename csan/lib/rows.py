"""Inserting a row that may be there already, and others with it, in one statement that never raises for it; and other
statements that a crowd repeats.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
BLOCK = 50  # numbers that a process takes at once; those it has not used when it ends are never used

PLAIN = {
    models.BigAutoField, models.BooleanField, models.CharField, models.DateTimeField, models.EmailField,
    models.ForeignKey, models.IntegerField, models.OneToOneField, models.PositiveSmallIntegerField,
    models.SmallIntegerField, models.TextField,
}  # fmt: skip

_taken: defaultdict[type[models.Model], deque[int]] = defaultdict(deque)
# What each connection of the driver's has prepared, and how to say it.
_known_to: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
os.register_at_fork(after_in_child=_taken.clear)  # else two processes would use the same numbers


def new_row(model: type[M], **values: Any) -> M:
    """A row as `model(**values)` makes it, in a fifth of the time: for where a crowd makes them.

    Values go by the names of columns, so `petition_id`; a related row at hand can be set on the row afterwards.
    """
    row = model.__new__(model)
    constant, made = _defaults(model)
    if unknown := values.keys() - constant.keys() - made.keys():
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    row.__dict__.update(constant, _state=ModelState(), **values)
    for name, make in made.items():
        if name not in values:
            row.__dict__[name] = make()
    return row


def insert_unless_known(row: models.Model) -> bool:
    """Insert the row, or nothing where a unique constraint says that it is there. Whether it was inserted.

    The new row gets its number. Nothing is raised for a known one, so the transaction at hand goes on.
    """
    return insert_together(row)


def insert_together(row: models.Model, *others: models.Model) -> bool:
    """Insert a row and those that hang on it, or none of them where the row is there already. Whether it was inserted.

    It is one statement, so one trip to the database, and all or nothing without a transaction around it. The others
    know the row by the number that it has from `next_number`; where one of *them* is there already, that is an error.
    """
    rows = (row, *others)
    sql, takers = _statement(*((type(each), each.pk is not None) for each in rows))
    values = [value for each, take in zip(rows, takers, strict=True) for value in take(each)]
    with connection.cursor() as cursor:
        if others:
            repeat(cursor, sql, values)
        else:
            cursor.execute(sql, values)  # one row alone is soon read
        found = cursor.fetchone()
    if found:
        row.pk = found[0]
    return found is not None


def repeat(cursor: Any, sql: str, values: Sequence[Any]) -> None:
    """Execute a statement that a crowd asks for again and again, as one that the connection has prepared.

    Not so behind a pooler, where the next transaction has another connection.
    """
    is_pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    cursor.execute(sql if is_pooled else _prepared(sql), values)


def change(sql: str, values: Sequence[Any]) -> int:
    """The same for an UPDATE by itself. How many rows it changed."""
    with connection.cursor() as cursor:
        repeat(cursor, sql, values)
        return int(cursor.rowcount)


def next_number(model: type[models.Model]) -> int:
    """A number for a row that is about to be inserted, from the table's own sequence: nobody else gets the same."""
    numbers = _taken[model]
    try:
        return numbers.popleft()
    except IndexError:
        numbers.extend(_take_numbers(model))
        return numbers.popleft()


def forget_numbers() -> None:
    """As a process that has just begun."""
    _taken.clear()


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What a new row's attributes are where nothing is said, and what makes those that are not the same for each."""
    constant: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    for field in model._meta.concrete_fields:
        if callable(field.default):
            made[field.attname] = field.get_default
        else:
            constant[field.attname] = field.get_default()
    return constant, made


def _is_plain(field: "models.Field[object, object]") -> bool:
    """Whether the row's attribute is what the driver takes."""
    return type(field) in PLAIN and not getattr(field, "auto_now", False) and not getattr(field, "auto_now_add", False)


def _take_numbers(model: type[models.Model]) -> list[int]:
    sequence = (model._meta.db_table, str(model._meta.pk.column), BLOCK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", sequence)
        return [number for (number,) in cursor.fetchall()]


@dataclass(frozen=True)
class _Taker:
    """Takes a row's values for the database: those that are plain all at once, the others each in its own way."""

    attributes: Callable[[models.Model], tuple[object, ...]]
    special: tuple[tuple[int, "models.Field[object, object]"], ...]

    def __call__(self, row: models.Model) -> list[Any]:
        values: list[Any] = list(self.attributes(row))
        for at, field in self.special:
            values[at] = field.get_db_prep_save(field.pre_save(row, add=True), connection)
        return values


def _prepared(sql: str) -> str:
    """The statement that executes this one, which the connection at hand has prepared by now.

    Reading and planning sixty columns anew takes PostgreSQL a third of the time of inserting them.
    """
    known = _known_to.setdefault(connection.connection, {})
    if sql not in known:
        name, holes = f"known_{len(known)}", sql.count("%s")
        numbered = sql.replace("%s", "${}").format(*range(1, holes + 1))
        with connection.wrap_database_errors, connection.connection.cursor() as bare:
            bare.execute(f"PREPARE {name} AS {numbered}")
        known[sql] = f"EXECUTE {name} ({', '.join(['%s'] * holes)})"
    return known[sql]


@cache
def _statement(*rows: tuple[type[models.Model], bool]) -> tuple[str, list[_Taker]]:
    """The statement for rows of these models, each with its number or without; and what takes the rows' values."""
    quoted = connection.ops.quote_name
    inserts, takers = [], []
    for model, has_number in rows:
        own = [field for field in model._meta.concrete_fields if has_number or not field.primary_key]
        columns = ", ".join(quoted(str(field.column)) for field in own)
        inserts.append((f"INSERT INTO {quoted(model._meta.db_table)} ({columns})", ", ".join(["%s"] * len(own))))
        special = tuple((at, field) for at, field in enumerate(own) if not _is_plain(field))
        takers.append(_Taker(attrgetter(*[field.attname for field in own]), special))
    (into, holes), *others = inserts
    number = quoted(str(rows[0][0]._meta.pk.column))
    first = f"{into} VALUES ({holes}) ON CONFLICT DO NOTHING RETURNING {number}"
    if not others:
        return first, takers
    parts = [f"first AS ({first})"]
    parts += [f"other{at} AS ({into} SELECT {holes} FROM first)" for at, (into, holes) in enumerate(others)]  # noqa: S608 - our own names
    return f"WITH {', '.join(parts)} SELECT {number} FROM first", takers  # noqa: S608 - our own names
