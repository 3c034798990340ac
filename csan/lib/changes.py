"""Tells the processes of one web server that what they keep may have changed, at the cost of writing eight bytes.

The mark stands in memory that a server's workers share, because they are forked after this module was loaded. It
says nothing but "something has changed"; on other machines, and from other programs, what is kept is simply older.
"""

import mmap
import os

from django.db import transaction

SIZE = 8  # bytes
_shared = mmap.mmap(-1, SIZE)


def mark() -> None:
    """Something has changed. The mark is another one each time, so two that come at once are never taken for none."""
    _shared[:SIZE] = os.urandom(SIZE)


def mark_on_commit() -> None:
    """When the transaction at hand has been committed: before that nobody can see the change."""
    transaction.on_commit(mark)


def seen() -> bytes:
    """The mark as it stands. What is read from the database after this holds all that was marked by then."""
    return _shared[:SIZE]
