"""Labels for a wave's boxes: where it goes and, for people and telephones, which box it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from django.urls import reverse
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.models import Box
from csan.lib import labels, qr
from csan.lib.typefaces import BOLD
from csan.lib.urls import absolute

SHEETS = {"5160": labels.ADDRESSES, "5163": labels.PARCELS}
GAP = 1.5 * mm
CODE_SIZE = {"5160": 6.5, "5163": 9.0}


@dataclass(frozen=True)
class Nudge:
    """Millimetres by which a printer draws paper in askew, and the first label that is still on its sheet."""

    right: float = 0
    down: float = 0
    start: int = 1


def draw(
    file: IO[bytes], boxes: Iterable[Box], *, kind: str, title: str, nudge: Nudge, seen: Callable[[], None]
) -> int:
    """Write the PDF; how many pages it has. `seen` is called after each label. Raises NoSuchPlace."""
    sheet = SHEETS[kind]
    side = sheet.height - 2 * sheet.padding - CODE_SIZE[kind] - GAP
    narrow = replace(sheet, width=sheet.width - side - sheet.padding)

    def drawn(canvas: Canvas, box: Box, x: float, y: float) -> None:
        _mark(canvas, sheet, box, x, y, side, CODE_SIZE[kind])
        seen()

    rows = list(boxes)
    return labels.draw(
        file, [lines_of(box) for box in rows], sheet=narrow, title=title, start=nudge.start, right=nudge.right * mm,
        down=nudge.down * mm, beside=_each(rows, drawn),
    )  # fmt: skip


def lines_of(box: Box) -> list[str]:
    """Who it is for, the local, the address; which part of several; COPY where the label was printed before."""
    marks = [*parts_of(box), *(["COPY"] if box.labels_printed else [])]
    who, *address = box.place.lines or ["address erased"]
    lines = [who, str(box.registration.local), *address]
    return [*lines, " · ".join(marks)] if marks else lines


def parts_of(box: Box) -> list[str]:
    """Such as "part 1 of 2", where a place gets several boxes; `runs` brings how many, as `parts` of the row."""
    count = getattr(box, "parts", 1)
    return [f"part {box.part} of {count}"] if count > 1 else []


def address_of(box: Box) -> str:
    """What the QR code opens: the page on which the box is packed."""
    return absolute(reverse("admin:campaigns_box_pack", args=[box.code]))


def _each(boxes: list[Box], draw_one: Callable[[Canvas, Box, float, float], None]) -> labels.Beside:
    rows: Iterator[Box] = iter(boxes)
    return lambda canvas, x, y: draw_one(canvas, next(rows), x, y)


def _mark(canvas: Canvas, sheet: labels.Sheet, box: Box, x: float, y: float, side: float, size: float) -> None:
    left = x + sheet.width - sheet.padding - side
    top = labels.HEIGHT - y - sheet.padding
    qr.draw(canvas, address_of(box), left, top - side, side)
    canvas.setFont(BOLD, size)
    canvas.drawCentredString(left + side / 2, top - side - size - GAP / 2, box.code)
