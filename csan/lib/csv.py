"""CSV that streams, and whose cells no spreadsheet mistakes for a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# OWASP "CSV Injection": a cell that begins with one of these may be run by a spreadsheet program.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: Any) -> str:
    """The value as text; an apostrophe before it where a spreadsheet would read a formula."""
    text = "" if value is None else str(value)
    number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not number else text


class _Line:
    """A file whose write gives the line back, so that a row can be sent as soon as it is made."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Each row as a line of CSV, quoted as RFC 4180 asks."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def stream(rows: Iterable[Iterable[Any]], *, filename: str) -> StreamingHttpResponse:
    """A download that is sent row by row; memory stays flat however many rows there are."""
    response = StreamingHttpResponse(lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
