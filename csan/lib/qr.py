"""QR codes as drawings that stand in a page, of a site or of a PDF."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas


def drawing(address: str) -> SafeString:
    """The address as an inline SVG, black on white whatever the scheme; a reader of 2 cm needs no more than this."""
    svg = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        svg, kind="svg", xmldecl=False, svgns=False, omitsize=True, nl=False, border=2, light="#fff",
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return mark_safe(svg.getvalue().decode())  # noqa: S308 - segno draws squares; the address stands in none of it


def draw(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """The address as squares on a PDF, sharp at any size; `x` and `y` are its lower left corner, in points."""
    rows = segno.make(address, error="m", micro=False).matrix
    cell = side / (len(rows) + 4)
    canvas.setFillColor(black)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                path.rect(x + (across + 2) * cell, y + side - (down + 3) * cell, cell, cell)
    canvas.drawPath(path, stroke=0, fill=1)
