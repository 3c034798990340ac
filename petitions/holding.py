"""A signature with its petition and the words that were signed, kept from others' hands until the transaction ends.

Everybody who confirms asks for it, and making the statement anew would take longer than the database takes to answer.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from csan.lib.rows import repeat
from petitions.models import Petition, PetitionVersion, Signature

M = TypeVar("M", bound=models.Model)
COLUMNS_OF: tuple[type[models.Model], ...] = (Signature, Petition, PetitionVersion)


def standing(pk: int | str) -> Signature | None:
    """The row of a signature that waits or counts; None where there is none. Nobody else changes it from here on."""
    with connection.cursor() as cursor:
        repeat(cursor, _statement(), [pk, *Signature.STANDING])
        found = cursor.fetchone()
    if found is None:
        return None
    values = iter(found)
    signature = _row(Signature, values)
    signature.petition, signature.version = _row(Petition, values), _row(PetitionVersion, values)
    return signature


def _row(model: type[M], values: Iterator[Any]) -> M:
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, [next(values) for _ in names])


@cache
def _statement() -> str:
    """Of our own names alone."""
    metas = [model._meta for model in COLUMNS_OF]
    columns = [f"{meta.db_table}.{field.column}" for meta in metas for field in meta.concrete_fields]
    signature, petition, version = (meta.db_table for meta in metas)
    return f"""
        SELECT {", ".join(columns)}
        FROM {signature}
        JOIN {petition} ON {petition}.id = {signature}.petition_id
        JOIN {version} ON {version}.id = {signature}.version_id
        WHERE {signature}.id = %s AND {signature}.status IN (%s, %s)
        FOR UPDATE OF {signature}
    """  # noqa: S608 - our own names
