"""The annex of a packet: one line a signature, as a CSV file whose hash anybody can compute again.

The file is UTF-8, each line ends with carriage return and line feed (RFC 4180), the first names the columns. Lines are
sorted by the five digits of the ZIP code, then by the name, both by the order of Unicode's code points. So the same
signatures always make the same bytes. No e-mail address is in it.
"""

import csv as plain_csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.functions import Collate, Concat, Left, Trim

from csan.lib import csv
from csan.lib.cities import city_of
from petitions.models import Packet, Signature

COLUMNS = ("ZIP code", "Name", "City")
AT_ONCE = 2000  # rows in memory
TABLE_OF_WRITING = str.maketrans({"\r": " ", "\n": " ", "\t": " "})


class Line(NamedTuple):
    """One signature in the annex."""

    zip_code: str
    name: str
    city: str


@dataclass
class Annex:
    """The annex, written down: as a CSV file, and as lines to draw from. Both lie on disk, however many there are."""

    file: IO[bytes]
    drafted: IO[str]
    count: int = 0
    digest: str = ""

    def lines(self) -> Iterator[Line]:
        """Each line, in order."""
        self.drafted.seek(0)
        for text in self.drafted:
            yield Line(*json.loads(text))


@contextmanager
def written(packet: Packet) -> Iterator[Annex]:
    """A packet's annex as its signatures are now."""
    with TemporaryFile() as file, TemporaryFile("w+", encoding="utf-8") as drafted:
        annex = Annex(file, drafted)
        _write(annex, lines_of(packet))
        yield annex


def lines_of(packet: Packet) -> Iterator[Line]:
    """The packet's signatures, in the annex' order; a few thousand at a time are in memory."""
    for zip_code, name in _sorted(Signature.objects.named().filter(pk__in=packet.lines.values("signature"))):
        yield Line(zip_code, name.translate(TABLE_OF_WRITING), city_of(zip_code))


def _sorted(rows: QuerySet[Signature]) -> Iterator[tuple[str, str]]:
    name = Trim(Concat(Trim("given_name"), Value(" "), Trim("family_name")))
    named = rows.annotate(zip5=Collate(Left("zip_code", 5), "C"), name=Collate(name, "C"))
    return named.order_by("zip5", "name", "pk").values_list("zip5", "name").iterator(chunk_size=AT_ONCE)


def _write(annex: Annex, lines: Iterable[Line]) -> None:
    digest = hashlib.sha256()
    for text in csv.lines([COLUMNS]):
        _put(annex, digest, text)
    for line in lines:
        annex.drafted.write(json.dumps(line) + "\n")
        for text in csv.lines([line]):
            _put(annex, digest, text)
        annex.count += 1
    annex.digest = digest.hexdigest()
    annex.file.seek(0)


def _put(annex: Annex, digest: "hashlib._Hash", text: str) -> None:
    piece = text.encode()
    digest.update(piece)
    annex.file.write(piece)


def digest_of(content: bytes) -> str:
    """What a staffer computes of the file."""
    return hashlib.sha256(content).hexdigest()


def read(content: bytes) -> list[Line]:
    """The lines of an annex' file."""
    rows = plain_csv.reader(io.StringIO(content.decode(), newline=""))
    return [Line(*row) for row in list(rows)[1:]]
