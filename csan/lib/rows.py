"""Inserting a row that may be there already, in one statement that never raises for it."""

from functools import cache

from django.db import connection, models


def insert_unless_known(row: models.Model) -> bool:
    """Insert the row, or nothing where a unique constraint says that it is there. Whether it was inserted.

    The new row gets its number. Nothing is raised for a known one, so the transaction at hand goes on.
    """
    sql, fields = _statement(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found:
        row.pk = found[0]
    return found is not None


@cache
def _statement(model: type[models.Model]) -> tuple[str, list["models.Field[object, object]"]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({holes}) "  # noqa: S608 - our own names
        f"ON CONFLICT DO NOTHING RETURNING {quoted(str(model._meta.pk.column))}",
        fields,
    )
