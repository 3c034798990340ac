"""Reading the CSV files that people upload: any usual encoding and delimiter, line by line, a broken line by number.

The standard reader takes a quotation mark that is never closed for one cell as long as the rest of the file. Here a
row may span a few lines only; where it would go on, its first line is broken and the others are read by themselves.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

MOST_BYTES = 60 * 1024 * 1024
MOST_CHARACTERS = 20_000  # of one row
MOST_LINES = 10  # that one row may span
MOST_CELLS = 100
DELIMITERS = ",;\t|"
BLOCK = 1 << 16  # bytes


class UnusableFile(Exception):
    """The file cannot be read as a table; the text says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: the number of its first line, and its cells, or what is `broken` about it."""

    line: int
    cells: list[str] = field(default_factory=list)
    broken: str = ""


def detect_encoding(file: BinaryIO) -> str:
    """The name of the encoding that all of the file can be read in. Raises UnusableFile.

    UTF-8, with or without its mark; UTF-16 by its mark, as Excel's “Unicode text” has; else Windows-1252, which is
    what older programs write in our part of the world.
    """
    file.seek(0)
    head = file.read(4)
    if not head:
        raise UnusableFile("The file is empty.")
    if head.startswith(b"PK") or head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnusableFile(
            "This is a workbook. Open it, choose “Save as”, the type “CSV UTF-8”, and upload that file."
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    is_utf8 = True
    file.seek(0)
    size = 0
    while block := file.read(BLOCK):
        size += len(block)
        if b"\0" in block:
            raise UnusableFile("This is not a text file. Save the list as CSV and upload that file.")
        if size > MOST_BYTES:
            raise UnusableFile(f"The file is larger than {MOST_BYTES // 1024**2} MB. Part it and upload the parts.")
        if is_utf8:
            is_utf8 = _decodes(decoder, block)
    return "utf-8-sig" if is_utf8 and _decodes(decoder, b"", final=True) else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError:
        return False
    return True


def plain_heading(heading: str) -> str:
    """A heading without what people write differently: case, accents, spaces, signs."""
    letters = unicodedata.normalize("NFKD", heading).lower()
    return re.sub(r"[^a-z0-9]", "", letters)


def sniff_delimiter(heading: str) -> str:
    """What parts the cells of a heading line: the sign that it has most of, outside of quotes; a comma if none."""
    outside = "".join(heading.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (outside.count(sign), sign == ","))


class Table:
    """A CSV file: its `encoding`, its `delimiter`, its `headings`, and its rows as they are asked for.

    Raises UnusableFile where it is no table with headings. Memory stays flat however long the file is.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.encoding = detect_encoding(file)
        file.seek(0)
        self._text = io.TextIOWrapper(file, encoding=self.encoding, errors="replace", newline="")
        self._line = 0
        self._ahead: list[str] = []
        try:
            self.delimiter, self.headings = self._begin()
        except UnusableFile:
            self.detach()
            raise

    def _begin(self) -> tuple[str, list[str]]:
        """The delimiter and the headings."""
        first = self._next_filled_line()
        if first.lower().startswith("sep=") and len(first.strip()) == 5:  # what Excel reads, and some programs write
            self.delimiter = first[4]
            first = self._next_filled_line()
        else:
            self.delimiter = sniff_delimiter(first)
        self._push_back([first])
        headings = self._next_row()
        if headings is None or headings.broken:
            raise UnusableFile(f"Line 1 cannot be read: {headings.broken if headings else 'it is empty'}")
        return self.delimiter, [cell.strip() for cell in headings.cells]

    def __iter__(self) -> Iterator[Row]:
        """The rows under the headings, without those that have nothing in them."""
        while row := self._next_row():
            if row.broken or any(cell.strip() for cell in row.cells):
                yield row

    def detach(self) -> None:
        """Leave the file open for its owner, who opened it."""
        self._text.detach()

    def _next_filled_line(self) -> str:
        while line := self._readline():
            if line.strip():
                return line
        raise UnusableFile("The file is empty.")

    def _readline(self) -> str:
        """The next line with its end; empty at the end of the file. A line too long comes without its rest."""
        if self._ahead:
            self._line += 1
            return self._ahead.pop(0)
        line = self._text.readline(MOST_CHARACTERS + 1)
        if len(line) > MOST_CHARACTERS:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(BLOCK)
        if line:
            self._line += 1
        return line.replace("\0", "")

    def _push_back(self, lines: list[str]) -> None:
        self._ahead[:0] = lines
        self._line -= len(lines)

    def _next_row(self) -> Row | None:
        lines = [self._readline()]
        number = self._line
        if not lines[0]:
            return None
        while True:
            if len(lines[-1]) > MOST_CHARACTERS:
                return Row(number, broken=f"it is longer than {MOST_CHARACTERS:,} characters")
            try:
                cells = next(csv.reader(["".join(lines)], delimiter=self.delimiter, strict=True), [])
            except csv.Error as error:
                if self._goes_on(lines):
                    lines.append(self._readline())
                    continue
                self._push_back([line for line in lines[1:] if line])
                return Row(number, broken=_in_words(lines[0], error))
            if len(cells) > MOST_CELLS:
                return Row(number, broken=f"it has more than {MOST_CELLS} cells")
            return Row(number, cells)

    @staticmethod
    def _goes_on(lines: list[str]) -> bool:
        """Whether a row whose quotation mark stands open may be closed by the next line."""
        return "".join(lines).count('"') % 2 == 1 and len(lines) < MOST_LINES and bool(lines[-1])


def _in_words(line: str, error: csv.Error) -> str:
    if line.count('"') % 2:
        return "a quotation mark is opened and never closed"
    return f"its quotation marks cannot be understood ({error})"
