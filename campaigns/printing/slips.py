"""Packing slips, one sheet a box, and the pick list: what the people at the table hold in their hands."""

from collections.abc import Callable, Iterable, Sequence
from typing import IO

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from campaigns.boxes.waves import Pick
from campaigns.models import Box, BoxLine, Wave
from campaigns.printing.labels import address_of, parts_of
from csan.lib import qr
from csan.lib.typefaces import BLACK, BODY, BOLD, fitted, printable, register

WIDTH, HEIGHT = LETTER
MARGIN = 0.75 * inch
QR_SIDE = 1.1 * inch
ROW = 21.0
NUMBER = 0.9 * inch  # of the column with how many
REASON = 3.1 * inch
ROWS = int((HEIGHT - 2 * MARGIN - 3.4 * inch) / ROW)  # on the first sheet of a box


def draw(file: IO[bytes], boxes: Iterable[Box], *, title: str, seen: Callable[[], None]) -> int:
    """Write the PDF; how many pages it has. Each box comes with its lines at hand; `seen` is called after each."""
    register()
    canvas = Canvas(file, pagesize=LETTER, lang="en-US")
    canvas.setTitle(title)
    pages = 0
    for box in boxes:
        lines = sorted(box.lines.all(), key=lambda line: line.item.sku)
        for begins in range(0, max(len(lines), 1), ROWS):
            _slip(canvas, box, lines[begins : begins + ROWS])
            canvas.showPage()
            pages += 1
        seen()
    canvas.save()
    return pages


def _slip(canvas: Canvas, box: Box, lines: Sequence[BoxLine]) -> None:
    top = HEIGHT - MARGIN
    qr.draw(canvas, address_of(box), WIDTH - MARGIN - QR_SIDE, top - QR_SIDE, QR_SIDE)
    _write(canvas, f"Box {box.code}", BLACK, 26, top - 24)
    _write(canvas, f"{box.registration.local} · {box.registration.week}", BOLD, 12, top - 46)
    marks = parts_of(box)
    marks += [f"sent again for {box.replaces}"] if box.replaces else []
    marks += ["COPY: this slip was printed before"] if box.slips_printed else []
    if marks:
        _write(canvas, " · ".join(marks), BOLD, 11, top - 64)
    at = top - 92
    for text in box.place.lines or ["The address was erased after delivery."]:
        _write(canvas, text, BODY, 12, at)
        at -= 15
    if box.place.receiving_hours:
        _write(canvas, f"Receives: {box.place.receiving_hours}", BODY, 10, at - 2)
    at = top - 2.6 * inch
    for head, x in (("How many", MARGIN), ("What", MARGIN + NUMBER), ("Why so many", WIDTH - MARGIN - REASON)):
        canvas.setFont(BOLD, 9)
        canvas.drawString(x, at + 6, head)
    for line in lines:
        _line(canvas, line, at)
        at -= ROW
    canvas.line(MARGIN, at, WIDTH - MARGIN, at)
    weight = sum(line.laid_in * line.item.weight_grams for line in lines)
    foot = f"{weight / 453.592:.1f} lb without the box" if weight else ""  # a pound is 453.592 g (NIST SP 811)
    _write(canvas, foot, BODY, 10, at - 18)
    _write(canvas, "Packed by ____________________    Checked by ____________________", BODY, 11, MARGIN)


def _line(canvas: Canvas, line: BoxLine, at: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, at, WIDTH - MARGIN, at)
    baseline = at - ROW + 6
    canvas.rect(MARGIN, baseline - 1, 9, 9)  # to be ticked
    canvas.setFont(BOLD, 13)
    canvas.drawRightString(MARGIN + NUMBER - 12, baseline, f"{line.laid_in:,}")
    room = WIDTH - 2 * MARGIN - NUMBER - REASON - 8
    canvas.setFont(BODY, 12)
    canvas.drawString(MARGIN + NUMBER, baseline, fitted(printable(line.item.name), BODY, 12, room))
    why = f"{line.quantity} planned; {line.short_reason}" if line.packed is not None else line.reason
    canvas.setFont(BODY, 8)
    canvas.drawString(WIDTH - MARGIN - REASON, baseline, fitted(printable(why), BODY, 8, REASON))


def draw_picks(file: IO[bytes], wave: Wave, picks: Sequence[Pick]) -> None:
    """What to bring from the shelf, item by item."""
    register()
    canvas = Canvas(file, pagesize=LETTER, lang="en-US")
    canvas.setTitle(f"Pick list: {wave}")
    a_page = int((HEIGHT - 2 * MARGIN - inch) / ROW)
    for begins in range(0, max(len(picks), 1), a_page):
        at = HEIGHT - MARGIN
        _write(canvas, f"Pick list: {wave}", BLACK, 20, at - 18)
        at -= 0.9 * inch
        for pick in picks[begins : begins + a_page]:
            canvas.line(MARGIN, at, WIDTH - MARGIN, at)
            canvas.rect(MARGIN, at - ROW + 5, 9, 9)
            for text, x, font in (
                (f"{pick.pieces:,}", MARGIN + 20, BOLD),
                (pick.packs, MARGIN + 85, BODY),
                (f"{pick.item.name} ({pick.item.sku})", MARGIN + 190, BODY),
                (f"{pick.boxes} boxes" if pick.boxes > 1 else "1 box", WIDTH - MARGIN - 60, BODY),
            ):
                canvas.setFont(font, 11)
                canvas.drawString(x, at - ROW + 6, fitted(printable(text), font, 11, WIDTH - MARGIN - x))
            at -= ROW
        canvas.showPage()
    canvas.save()


def _write(canvas: Canvas, text: str, font: str, size: float, y: float) -> None:
    canvas.setFont(font, size)
    canvas.drawString(MARGIN, y, fitted(printable(text), font, size, WIDTH - 2 * MARGIN - QR_SIDE - 12))
