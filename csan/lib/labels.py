"""Labels on sheets as shops sell them, drawn to the millimetre: addresses on envelopes, contents on boxes.

A line that is too long is printed smaller, then wrapped, and never cut: a parcel with half an address comes back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import IO

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from csan.lib.typefaces import BODY, BOLD, printable, register, width

WIDTH, HEIGHT = LETTER
LEADING = 1.18  # from line to line, in sizes of the letters
SMALLER = 0.94
READABLE = 0.75  # of the full size: down to here a label gets smaller letters before a line is wrapped
NOTE = "Print at 100 % (“actual size”), never “fit to page”. This line is one inch long:"
NOTE_SIZE = 7.0
NOTE_AT = 0.24 * inch  # above the lower edge, below the last labels of every sheet

Label = Sequence[str]  # its lines, from the top
Beside = Callable[[Canvas, float, float], None]  # draws more on each label, whose upper left corner it is told


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels on letter paper; measures in points, from the upper left corner."""

    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_right: float
    step_down: float
    padding: float
    size: float  # of the letters

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The upper left corner of a label, counted from 0 row by row; how far from the left and from the top."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.step_right, self.top + row * self.step_down


ADDRESSES = Sheet(
    "Avery 5160", 3, 10, 2.625 * inch, inch, 0.1875 * inch, 0.5 * inch, 2.75 * inch, inch, padding=0.12 * inch, size=10
)
PARCELS = Sheet(
    "Avery 5163", 2, 5, 4 * inch, 2 * inch, 0.15625 * inch, 0.5 * inch, 4.1875 * inch, 2 * inch,
    padding=0.22 * inch, size=15,
)  # fmt: skip


class NoSuchPlace(ValueError):
    """The sheet has no label of this number."""


def draw(
    file: IO[bytes],
    labels: Iterable[Label],
    *,
    sheet: Sheet,
    title: str,
    start: int = 1,
    right: float = 0,
    down: float = 0,
    beside: Beside | None = None,
) -> int:
    """Write the PDF; how many pages it has. `start` is the first label to use on the first sheet, counted from 1.

    `right` and `down` move every label by so many points, for a printer that draws paper in askew. Raises NoSuchPlace.
    """
    if not 1 <= start <= sheet.count:
        raise NoSuchPlace
    register()
    canvas = Canvas(file, pagesize=LETTER)
    canvas.setTitle(title)
    place = 0
    _begin_page(canvas, sheet)
    for place, label in enumerate(chain(repeat((), start - 1), labels)):
        if place and place % sheet.count == 0:
            canvas.showPage()
            _begin_page(canvas, sheet)
        x, y = sheet.corner(place % sheet.count)
        _label(canvas, sheet, label, x + right, y + down)
        if beside and place >= start - 1:
            beside(canvas, x + right, y + down)
    canvas.save()
    return place // sheet.count + 1


def _begin_page(canvas: Canvas, sheet: Sheet) -> None:
    words = f"{sheet.name}. {NOTE}"
    canvas.setFont(BODY, NOTE_SIZE)
    begins = (WIDTH - width(words, BODY, NOTE_SIZE) - 4 - inch) / 2
    canvas.drawString(begins, NOTE_AT, words)
    ruler = begins + width(words, BODY, NOTE_SIZE) + 4
    canvas.setLineWidth(0.6)
    canvas.line(ruler, NOTE_AT + 2, ruler + inch, NOTE_AT + 2)
    for end in (ruler, ruler + inch):
        canvas.line(end, NOTE_AT - 1, end, NOTE_AT + 5)


def _label(canvas: Canvas, sheet: Sheet, label: Label, x: float, y: float) -> None:
    """The first line is who it is for and stands out; all of it is in the middle of the label's height."""
    lines, size = fitted(label, sheet)
    leading = size * LEADING
    baseline = HEIGHT - y - (sheet.height - len(lines) * leading) / 2 - size * 0.88
    for number, (text, font) in enumerate(lines):
        canvas.setFont(font, size)
        canvas.drawString(x + sheet.padding, baseline - number * leading, text)


def fitted(label: Label, sheet: Sheet) -> tuple[list[tuple[str, str]], float]:
    """The lines as they are printed, each with its font, and the size of the letters in which all of them fit."""
    wanted = [(printable(" ".join(text.split())), BODY if number else BOLD) for number, text in enumerate(label)]
    wanted = [(text, font) for text, font in wanted if text]
    room, height = sheet.width - 2 * sheet.padding, sheet.height - sheet.padding
    size = sheet.size
    while True:
        wrapped = [(part, font) for text, font in wanted for part in _wrapped(text, font, size, room)]
        is_low = len(wrapped) * size * LEADING <= height
        if is_low and (len(wrapped) == len(wanted) or size * SMALLER < sheet.size * READABLE):
            return wrapped, size
        size *= SMALLER


def _wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """The text in lines that are short enough; a word that is longer than a line is broken where it has to be."""
    lines, line = [], ""
    for word in text.split(" "):
        whole = f"{line} {word}" if line else word
        if width(whole, font, size) <= room:
            line = whole
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, font, size, room)
        lines += full
    return [*lines, line]


def _pieces(word: str, font: str, size: float, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, font, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
