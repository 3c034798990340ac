"""A signature with its petition and the words that were signed, kept from others' hands until the transaction ends.

Everybody who confirms asks for it, and making the statement anew would take longer than the database takes to answer.
"""

from functools import cache

from django.db import connection

from csan.lib.rows import repeat
from petitions.models import Petition, PetitionVersion, Signature

MODELS = (Signature, Petition, PetitionVersion)


def standing(pk: int | str) -> Signature | None:
    """The row of a signature that waits or counts; None where there is none. Nobody else changes it from here on."""
    with connection.cursor() as cursor:
        repeat(cursor, _statement(), [pk, *Signature.STANDING])
        found = cursor.fetchone()
    if found is None:
        return None
    values, rows = iter(found), []
    for model in MODELS:
        names = [field.attname for field in model._meta.concrete_fields]
        rows.append(model.from_db(connection.alias, names, [next(values) for _ in names]))
    signature, signature.petition, signature.version = rows[0], rows[1], rows[2]
    return signature


@cache
def _statement() -> str:
    """Of our own names alone."""
    tables = [model._meta.db_table for model in MODELS]
    columns = [f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields]
    signature, petition, version = tables
    return f"""
        SELECT {", ".join(columns)}
        FROM {signature}
        JOIN {petition} ON {petition}.id = {signature}.petition_id
        JOIN {version} ON {version}.id = {signature}.version_id
        WHERE {signature}.id = %s AND {signature}.status IN (%s, %s)
        FOR UPDATE OF {signature}
    """  # noqa: S608 - our own names
