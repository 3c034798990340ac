"""The two forms in which unitedstates/congress-legislators publishes: JSON and CSV, told apart by their first sign."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from csan.lib.csvfiles import UnusableFile

MOST_BYTES = 60 * 1024 * 1024


def is_json(path: Path) -> bool:
    """Whether the file begins as JSON does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def read_json(path: Path) -> Any:
    """All of it. Raises UnusableFile, OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise UnusableFile(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnusableFile(f"It is not whole JSON: {error}.") from error


def entries_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each of a list's objects with its place, counted from 1. Raises UnusableFile."""
    whole = read_json(path)
    if not isinstance(whole, list):
        raise UnusableFile("It is not a list.")
    for number, entry in enumerate(whole, start=1):
        yield number, entry if isinstance(entry, dict) else {}


def words(entry: dict[str, Any], name: str) -> str:
    """What stands under a name, as one line; empty where nothing does, or something that is no text or number."""
    value = entry.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def link(entry: dict[str, Any], name: str) -> str:
    """An address of the web; empty for anything else, as it will be a link on our pages."""
    value = words(entry, name)
    return value if value.startswith(("https://", "http://")) and len(value) <= 300 else ""
