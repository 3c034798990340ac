"""Files that nobody gets by an address: they hold names, and are handed out by staff pages that ask who wants them.

They lie in a folder of the same storage as uploads. The public address of uploads has no folders, so none leads there.
"""

import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

FOLDER = "private"
UNNAMED = timedelta(days=1)  # after which a file that no row names was left by a worker that was killed


class Gone(Exception):
    """There is no such file any more."""


def keep(name: str, content: bytes | IO[bytes]) -> str:
    """Write a file, before the row that names it. The name under which it is kept."""
    file: File[bytes] = ContentFile(content) if isinstance(content, bytes) else File(content)
    return default_storage.save(f"{FOLDER}/{name}", file).removeprefix(f"{FOLDER}/")


def open_file(name: str) -> IO[bytes]:
    """The file, to be read. Raises Gone."""
    try:
        file: IO[bytes] = default_storage.open(f"{FOLDER}/{name}")
    except FileNotFoundError as error:
        raise Gone from error
    return file


def size_of(name: str) -> int:
    """Its bytes."""
    return default_storage.size(f"{FOLDER}/{name}")


def forget(names: Iterable[str]) -> None:
    """Delete files as soon as the transaction that no longer names them has committed."""
    transaction.on_commit(partial(drop, list(names)))


def drop(names: Iterable[str]) -> None:
    """Delete files at once: those that no row ever named."""
    for name in names:
        default_storage.delete(f"{FOLDER}/{name}")


def sweep(folder: str, *, named: set[str]) -> int:
    """Delete the folder's files that no row names, once they are a day old. How many."""
    path = f"{FOLDER}/{folder}"
    if not default_storage.exists(path):
        return 0
    ends = time.time() - UNNAMED.total_seconds()
    lost = [
        f"{folder}/{name}"
        for name in default_storage.listdir(path)[1]
        if f"{folder}/{name}" not in named and default_storage.get_modified_time(f"{path}/{name}").timestamp() < ends
    ]
    drop(lost)
    return len(lost)
