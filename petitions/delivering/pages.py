"""A packet as a PDF: the cover, then the names in two columns. Lines are read as they are drawn."""

from collections.abc import Iterable
from itertools import islice
from typing import IO

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from csan.lib.typefaces import BODY, BOLD, fitted, printable, register
from petitions.delivering import cover as covers
from petitions.delivering.annex import Line
from petitions.delivering.cover import Cover

WIDTH, HEIGHT = LETTER
MARGIN = 0.6 * inch
COLUMN, GAP = (WIDTH - 2 * MARGIN - 18) / 2, 18
SIZE, LEADING = 8.0, 9.9
TOP, BOTTOM = HEIGHT - 1.25 * inch, 0.75 * inch
ROWS = int((TOP - BOTTOM) / LEADING)
A_PAGE = 2 * ROWS
NUMBER, ZIP = 30, 30  # widths in points; the name gets two thirds of the rest, the city one
NAME = (COLUMN - NUMBER - ZIP) * 0.65 - 4
CITY = (COLUMN - NUMBER - ZIP) * 0.35
NOTE = (
    "Sorted by ZIP code and name. A word in brackets stands for a name in letters that this print has not; the file "
    "has it as it was written, in the same place."
)


def pages_for(count: int) -> int:
    """How many pages the names fill."""
    return -(-count // A_PAGE)


def draw(file: IO[bytes], cover: Cover, lines: Iterable[Line]) -> None:
    """Write the PDF."""
    register()
    canvas = covers.new_canvas(file, f"{cover.facts['title']}: {cover.facts['member']}")
    covers.draw(canvas, cover)
    rest = iter(lines)
    for page in range(cover.annex_pages):
        _page(canvas, cover, page, list(islice(rest, A_PAGE)))
    canvas.save()


def _page(canvas: Canvas, cover: Cover, page: int, lines: list[Line]) -> None:
    ink, soft = covers.paint("ink"), covers.paint("ink-soft")
    canvas.setFillColor(ink)
    canvas.setFont(BOLD, 11)
    heading = f"{cover.facts['title']}: signatures from {cover.facts['place']}"
    canvas.drawString(MARGIN, HEIGHT - 0.75 * inch, fitted(printable(heading), BOLD, 11, WIDTH - 2 * MARGIN - 90))
    canvas.setFillColor(soft)
    canvas.setFont(BODY, SIZE)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 0.75 * inch, f"Annex, page {page + 1} of {cover.annex_pages}")
    canvas.drawString(MARGIN, HEIGHT - 0.95 * inch, fitted(NOTE, BODY, SIZE, WIDTH - 2 * MARGIN))
    canvas.drawString(MARGIN, 0.5 * inch, f"{cover.address} · SHA-256 {cover.digest}")
    canvas.setFillColor(ink)
    for column, start in enumerate(range(0, len(lines), ROWS)):
        first = page * A_PAGE + start + 1
        _column(canvas, MARGIN + column * (COLUMN + GAP), first, lines[start : start + ROWS])
    canvas.showPage()


def _column(canvas: Canvas, x: float, first: int, lines: list[Line]) -> None:
    name_at, city_at = x + NUMBER + ZIP, x + NUMBER + ZIP + NAME + 4
    canvas.setFont(BODY, SIZE)
    for row, line in enumerate(lines):
        y = TOP - row * LEADING
        canvas.drawRightString(x + NUMBER - 6, y, str(first + row))
        canvas.drawString(x + NUMBER, y, line.zip_code)
        canvas.drawString(name_at, y, fitted(printable(line.name), BODY, SIZE, NAME))
        canvas.drawString(city_at, y, fitted(printable(line.city), BODY, SIZE, CITY))
