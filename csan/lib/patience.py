"""Statements that may take only so long: what cannot be told at once is told as that, and nobody waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

BEGIN = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)"
END = "SELECT set_config('statement_timeout', %s, true)"
CANCELLED = "57014"  # SQLSTATE query_canceled


class TakesTooLong(Exception):
    """The statement was given up."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Each statement of the block gets so long. Raises TakesTooLong; what the block wrote is then undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BEGIN, [str(milliseconds)])
            usual = cursor.fetchone()[0]
            yield
            cursor.execute(END, [usual])  # the transaction around, where there is one, goes on as before
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != CANCELLED:
            raise
        raise TakesTooLong from error
