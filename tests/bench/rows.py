"""Many rows by one statement: INSERT … SELECT, with what a column needs where nobody says anything of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper
from django.db.models.fields import NOT_PROVIDED

EMPTY = {"BooleanField": "false", "JSONField": "'{}'", "DateTimeField": "now()"}


def insert_many(
    cursor: CursorWrapper,
    model: type[models.Model],
    values: Mapping[str, str],
    *,
    source: str,
    parameters: Sequence[Any] = (),
) -> int:
    """Insert rows of a model: `values` are SQL by column, read from `source`. How many.

    A column that is not named gets its default where it is plain, null where it may be, else something empty: so a
    column that came to the table yesterday needs no line here.
    """
    columns = {**{field.column: default_of(field) for field in model._meta.concrete_fields}, **values}
    named = {column: sql for column, sql in columns.items() if sql}
    names, chosen = ", ".join(f'"{column}"' for column in named), ", ".join(named.values())
    sql = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {chosen} FROM {source}"
    cursor.execute(sql, list(parameters) or None)
    return int(cursor.rowcount)


def default_of(field: "models.Field[Any, Any]") -> str:
    """SQL for a column that nobody names; empty where the database knows by itself."""
    if field.primary_key or field.null or field.db_default is not NOT_PROVIDED:
        return ""
    default = field.default
    if default is NOT_PROVIDED or callable(default):
        return EMPTY.get(field.get_internal_type(), "''" if field.empty_strings_allowed else "0")
    return {True: "true", False: "false"}[default] if isinstance(default, bool) else f"'{default}'"
