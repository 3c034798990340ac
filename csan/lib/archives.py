"""A ZIP archive that is sent while it is made: memory stays flat however many files it holds."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

from django.utils import timezone

Entry = tuple[str, datetime, IO[bytes]]  # a file's name in the archive, its date, its content
PIECE = 256 * 1024


class _Outbox(io.RawIOBase):
    """What is written here is taken away again; there is no going back, as with a network."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # any buffer
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def archive(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive, piece by piece. Each entry's content is read before the next entry is asked for."""
    out = _Outbox()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, moment, content in entries:
            info = zipfile.ZipInfo(name, timezone.localtime(moment).timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
            with file.open(info, "w", force_zip64=True) as place:
                while piece := content.read(PIECE):
                    place.write(piece)
                    yield out.taken()
            yield out.taken()
    yield out.taken()
