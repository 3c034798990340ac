"""The files a local prints, drawn for it: a sign-in sheet, a letter to the editor, a poster. One Letter page each."""

import io
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import segno
from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Paragraph, Spacer

from campaigns.entering.merging import Facts
from csan.lib import theme
from csan.lib.typefaces import BLACK, BODY, BOLD, fitted, printable, register

WIDTH, HEIGHT = LETTER
MARGIN = 0.75 * inch
FULL = WIDTH - 2 * MARGIN
QR_SIDE = 1.25 * inch
ROWS = 18  # to sign in; as many as leave a line high enough to write on
ROW = 0.36 * inch


def sheet(facts: Facts) -> bytes:
    """Who came: name, e-mail, ZIP code; beside it the petition to sign by phone."""
    return _page(_("Sign-in sheet"), facts, _draw_sheet)


def letter(facts: Facts) -> bytes:
    """A letter to the editor for the local's officers to make their own."""
    return _page(_("Letter to the editor"), facts, _draw_letter)


def poster(facts: Facts) -> bytes:
    """For the wall of the break room."""
    return _page(_("Poster"), facts, _draw_poster)


DRAWN = {"sheet": sheet, "letter": letter, "poster": poster}


def _page(title: str, facts: Facts, draw: Callable[[Canvas, str, Facts], None]) -> bytes:
    register()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=LETTER)
    canvas.setTitle(f"{title}: {facts.local}")
    canvas.setAuthor(settings.SITE_NAME)
    draw(canvas, title, facts)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_sheet(canvas: Canvas, title: str, facts: Facts) -> None:
    x, top = MARGIN, HEIGHT - MARGIN
    _qr(canvas, facts.address, WIDTH - MARGIN - QR_SIDE, top - QR_SIDE, QR_SIDE)
    head = [
        _words(f"{facts.theme} · {facts.days}", 10, font=BOLD, colour="brand"),
        _words(f"{title}: {facts.local}", 20, font=BLACK),
        _words(_("Sign the petition with your phone: point its camera at the square."), 10),
        _words(facts.address, 10, font=BOLD),
    ]
    _put(canvas, head, x, top, FULL - QR_SIDE - 0.25 * inch, QR_SIDE)
    columns = (
        (_("First and last name"), 0.34),
        (_("E-mail (a personal one)"), 0.36),
        (_("ZIP code"), 0.14),
        (_("Newsletter"), 0.16),
    )
    y = top - QR_SIDE - 0.45 * inch
    canvas.setFont(BOLD, 9)
    canvas.setStrokeColor(_paint("ink"))
    canvas.setLineWidth(0.6)
    at = x
    for words, share in columns:
        canvas.drawString(at + 3, y + 4, fitted(printable(words), BOLD, 9, share * FULL - 6))
        at += share * FULL
    for row in range(ROWS + 1):
        canvas.line(x, y - row * ROW, x + FULL, y - row * ROW)
    for row in range(ROWS):
        canvas.rect(x + 0.84 * FULL + 0.08 * FULL - 6, y - (row + 1) * ROW + 6, 12, 12)
    note = _(
        "We send the newsletter only to those who tick the box. Your employer never learns from us that you signed."
    )
    _put(canvas, [_words(note, 9)], x, 0.7 * inch, FULL, 0.4 * inch)


def _draw_letter(canvas: Canvas, title: str, facts: Facts) -> None:
    told = {"local": facts.local, "city": facts.city, "theme": facts.theme, "days": facts.days}
    parts = [
        _("To the editor:"),
        _("When you call a company about a bill, a person answers. In %(city)s that person may be your neighbor.")
        % told,
        _(
            "We are the customer-service workers of %(local)s. We fix what is broken and calm down who is upset. "
            "But our jobs are being sent overseas, and those who stay get less pay and more pressure."
        )
        % told,
        _(
            "This week, %(days)s, locals all over the country stand up for good jobs in customer service. We ask "
            "Congress to act: callers should know where their call is answered, and public money should not pay for "
            "moving jobs away."
        )
        % told,
        _("We ask your readers to sign the petition: %(address)s") % {"address": facts.address},
        facts.signed,
        facts.local,
    ]
    flow: list[Any] = [
        _words(title, 20, font=BLACK),
        _words(
            _("Put it in your own words and keep it under 200 words. Most papers want a name and a telephone."), 10
        ),
        Spacer(1, 24),
    ]
    for part in parts:
        flow += [_words(part, 12.5, leading=1.5), Spacer(1, 12)]
    _put(canvas, flow, MARGIN, HEIGHT - MARGIN, FULL, HEIGHT - 2 * MARGIN)


def _draw_poster(canvas: Canvas, title: str, facts: Facts) -> None:
    band = 0.55 * HEIGHT
    canvas.setFillColor(_paint("brand"))
    canvas.rect(0, HEIGHT - band, WIDTH, band, stroke=0, fill=1)
    loud = [
        _words(facts.theme, 54, font=BLACK, colour="on-brand", centred=True, leading=1.05),
        Spacer(1, 18),
        _words(facts.hashtag, 24, font=BOLD, colour="on-brand", centred=True),
    ]
    _put(canvas, loud, MARGIN, HEIGHT - MARGIN, FULL, band - 1.5 * MARGIN)
    side = 2.1 * inch
    _qr(canvas, facts.address, (WIDTH - side) / 2, 1.35 * inch, side)
    below = [
        _words(facts.local, 30, font=BLACK, centred=True),
        _words(facts.days, 15, centred=True),
    ]
    _put(canvas, below, MARGIN, HEIGHT - band - 14, FULL, 1.25 * inch)
    foot = [
        _words(_("Sign the petition with your phone: point its camera at the square."), 12, centred=True),
        _words(facts.address, 12, font=BOLD, centred=True),
    ]
    _put(canvas, foot, MARGIN, 1.25 * inch, FULL, 0.7 * inch)


def _words(
    text: str, size: float, *, font: str = BODY, colour: str = "ink", leading: float = 1.25, centred: bool = False
) -> Paragraph:
    style = ParagraphStyle("", fontName=font, fontSize=size, leading=size * leading, textColor=_paint(colour))
    if centred:
        style.alignment = TA_CENTER
    return Paragraph(escape(printable(text)), style)


def _paint(name: str) -> HexColor:
    return HexColor(theme.tokens()[name])


def _put(canvas: Canvas, flow: list[Any], x: float, top: float, width: float, height: float) -> None:
    """Draw from the top down; what is too long for the place is drawn smaller."""
    frame = KeepInFrame(width, height, flow, mode="shrink")
    _, used = frame.wrapOn(canvas, width, height)
    frame.drawOn(canvas, x, top - used)


def _qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """The address as squares, with the quiet edge that readers need."""
    rows = segno.make(address, error="m", micro=False).matrix
    cell = side / (len(rows) + 4)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#000000"))
    squares = canvas.beginPath()
    for down, row in enumerate(rows):
        for right, is_dark in enumerate(row):
            if is_dark:
                squares.rect(x + (right + 2) * cell, y + side - (down + 3) * cell, cell, cell)
    canvas.drawPath(squares, stroke=0, fill=1)
