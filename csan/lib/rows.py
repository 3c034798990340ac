"""Inserting a row that may be there already, and others with it, in one statement that never raises for it."""

import os
from collections import defaultdict, deque
from functools import cache

from django.db import connection, models

BLOCK = 50  # numbers that a process takes at once; those it has not used when it ends are never used

_taken: defaultdict[type[models.Model], deque[int]] = defaultdict(deque)
os.register_at_fork(after_in_child=_taken.clear)  # else two processes would use the same numbers


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
    sql, fields = _statement(*((type(each), each.pk is not None) for each in (row, *others)))
    values = [
        field.get_db_prep_save(field.pre_save(each, add=True), connection)
        for each, own in zip((row, *others), fields, strict=True)
        for field in own
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found:
        row.pk = found[0]
    return found is not None


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


def _take_numbers(model: type[models.Model]) -> list[int]:
    sequence = (model._meta.db_table, str(model._meta.pk.column), BLOCK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", sequence)
        return [number for (number,) in cursor.fetchall()]


@cache
def _statement(
    *rows: tuple[type[models.Model], bool],
) -> tuple[str, list[list["models.Field[object, object]"]]]:
    """The statement for rows of these models, each with its number or without; and the fields whose values it takes."""
    quoted = connection.ops.quote_name
    inserts, fields = [], []
    for model, has_number in rows:
        own = [field for field in model._meta.concrete_fields if has_number or not field.primary_key]
        columns = ", ".join(quoted(str(field.column)) for field in own)
        inserts.append((f"INSERT INTO {quoted(model._meta.db_table)} ({columns})", ", ".join(["%s"] * len(own))))
        fields.append(own)
    (into, holes), *others = inserts
    number = quoted(str(rows[0][0]._meta.pk.column))
    first = f"{into} VALUES ({holes}) ON CONFLICT DO NOTHING RETURNING {number}"
    if not others:
        return first, fields
    parts = [f"first AS ({first})"]
    parts += [f"other{at} AS ({into} SELECT {holes} FROM first)" for at, (into, holes) in enumerate(others)]
    return f"WITH {', '.join(parts)} SELECT {number} FROM first", fields  # noqa: S608 - our own names
