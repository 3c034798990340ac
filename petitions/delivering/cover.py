"""The first page of a packet: number, ask, map, locals, three stories, who we are, how to verify it."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import formats
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Paragraph

from csan.lib import qr, theme, tilemap
from csan.lib.typefaces import BLACK, BODY, BOLD, fitted, printable

WIDTH, HEIGHT = LETTER
MARGIN = 0.6 * inch
FULL = WIDTH - 2 * MARGIN
LEFT, RIGHT = FULL * 0.6, FULL * 0.34
TILE = 16.2
STEPS = ("#ffffff", "#e3d3e4", "#c19fc3", "#97639b", "#4c1450")  # as on the petition's page: darker is more


@dataclass(frozen=True)
class Cover:
    """What the page says."""

    facts: dict[str, Any]
    seat: str
    count: int
    on_paper: int
    digest: str
    code: str
    address: str  # of the page that verifies it
    stories: list[tuple[str, str]]
    annex_pages: int


def style(size: float, *, font: str = BODY, colour: str = "ink", leading: float = 1.25) -> ParagraphStyle:
    return ParagraphStyle("", fontName=font, fontSize=size, leading=size * leading, textColor=paint(colour))


def paint(name: str) -> HexColor:
    return HexColor(theme.tokens()[name])


def words(text: str, kind: ParagraphStyle) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(escape(printable(text)), kind)


def day(text: str) -> str:
    """A day of the facts, as it is read in the United States."""
    return formats.date_format(date.fromisoformat(text), "F j, Y")


def draw(canvas: Canvas, cover: Cover) -> None:
    """The page."""
    top = _head(canvas, cover)
    _put(canvas, _left(cover), MARGIN, top, LEFT, top - 1.75 * inch)
    x = WIDTH - MARGIN - RIGHT
    below = _map(canvas, cover, x, top)
    _put(canvas, _locals(cover), x, below - 10, RIGHT, below - 10 - 1.75 * inch)
    _foot(canvas, cover)
    canvas.showPage()


def _put(canvas: Canvas, flowables: list[Any], x: float, top: float, width: float, height: float) -> None:
    """Draw from the top down; what is too long for the place is drawn smaller."""
    frame = KeepInFrame(width, height, flowables, mode="shrink")
    _, used = frame.wrapOn(canvas, width, height)
    frame.drawOn(canvas, x, top - used)


def _head(canvas: Canvas, cover: Cover) -> float:
    """The band with the petition's title, and whom it is for. Where the next thing begins."""
    band = 1.05 * inch
    canvas.setFillColor(paint("brand"))
    canvas.rect(0, HEIGHT - band, WIDTH, band, stroke=0, fill=1)
    canvas.setFillColor(paint("on-brand"))
    canvas.setFont(BOLD, 10.5)
    over = f"{settings.SITE_NAME} · Petition to Congress · {day(cover.facts['day'])}"
    canvas.drawString(MARGIN, HEIGHT - 0.42 * inch, fitted(printable(over), BOLD, 10.5, FULL))
    canvas.setFont(BLACK, 26)
    title = fitted(printable(cover.facts["title"]), BLACK, 26, FULL)
    canvas.drawString(MARGIN, HEIGHT - 0.82 * inch, title)
    y = HEIGHT - band - 0.36 * inch
    canvas.setFillColor(paint("ink"))
    canvas.setFont(BOLD, 14)
    whom = f"For {cover.facts['member']} · {cover.facts['place']}"
    canvas.drawString(MARGIN, y, fitted(printable(whom), BOLD, 14, FULL))
    return float(y - 0.2 * inch)


def _left(cover: Cover) -> list[Any]:
    facts = cover.facts
    where = f"people in {facts['place']} have signed"
    parts: list[Any] = [
        words(f"{cover.count:,}", style(64, font=BLACK, colour="link", leading=1.32)),
        words(where if cover.count != 1 else f"person in {facts['place']} has signed", style(17, font=BOLD)),
        words("Each of them confirmed it by a link in a letter to their own mailbox.", style(11.5, colour="ink-soft")),
    ]
    if cover.on_paper:
        parts.append(words(f"And {cover.on_paper:,} on paper, keyed from sheets and checked.", style(11.5)))
    if facts["growth"] is not None and facts["since"]:
        since = f"{facts['growth']:+,} since {day(facts['since'])}, when we last came to you."
        parts.append(words(since, style(13, font=BOLD)))
    parts += [_gap(), *_ask(cover)]
    for comment, name in cover.stories:
        parts += [_gap(), words(f"“{comment}”", style(12)), words(f"— {name}", style(11, font=BOLD))]
    return parts


def _gap() -> Paragraph:
    return Paragraph("&nbsp;", style(7))


def _ask(cover: Cover) -> list[Any]:
    facts = cover.facts
    box = ParagraphStyle(
        "", parent=style(17, font=BOLD), backColor=paint("butter"), borderColor=paint("ink"), borderWidth=1.2,
        borderPadding=(7, 8, 9, 8), borderRadius=4, leftIndent=9, rightIndent=9, spaceBefore=6, spaceAfter=8,
    )  # fmt: skip
    found: list[Any] = [words(facts["ask"] or facts["ask_of_petition"], box), _gap()]
    if facts["bill"]:
        found.append(words(facts["bill"], style(12)))
    found.append(words(f"What they signed: {facts['ask_of_petition']}", style(12)))
    return found


def _map(canvas: Canvas, cover: Cover, x: float, top: float) -> float:
    """Where signers live, state by state; the member's own is outlined. Where it ends."""
    drawn = tilemap.tile_map(cover.facts["states"], unit="signatures")
    scale = TILE / tilemap.SIZE
    canvas.setLineWidth(0.5)
    for tile in drawn.tiles:
        left, low = x + tile.x * scale, top - TILE - tile.y * scale
        canvas.setFillColor(HexColor(STEPS[tile.step]))
        canvas.setStrokeColor(paint("edge"))
        canvas.rect(left, low, TILE - 1.5, TILE - 1.5, stroke=1, fill=1)
        canvas.setFillColor(paint("on-brand" if tile.step > 2 else "ink"))
        canvas.setFont(BODY, 6)
        canvas.drawCentredString(left + (TILE - 1.5) / 2, low + 4.6, tile.code)
    _outline(canvas, cover, x, top)
    end = top - drawn.height * scale
    canvas.setFillColor(paint("ink-soft"))
    canvas.setFont(BODY, 8)
    canvas.drawString(x, end - 9, f"{cover.facts['total']:,} signatures in all; darker is more.")
    canvas.drawString(x, end - 19, "States with fewer than five show none.")
    return float(end - 22)


def _outline(canvas: Canvas, cover: Cover, x: float, top: float) -> None:
    place = tilemap.PLACES.get(cover.seat[:2])
    if place is None:
        return
    canvas.setStrokeColor(paint("wrong"))
    canvas.setLineWidth(2)
    canvas.rect(x + place[0] * TILE - 1, top - TILE - place[1] * TILE - 1, TILE + 0.5, TILE + 0.5, stroke=1, fill=0)


def _locals(cover: Cover) -> list[Any]:
    named, in_all = cover.facts["locals"], cover.facts["locals_in_all"]
    if not named:
        return []
    lines: list[Any] = [words(f"Our locals in {cover.facts['state']}", style(12, font=BOLD))]
    lines += [words(each, style(10.5)) for each in named]
    if in_all > len(named):
        lines.append(words(f"and {in_all - len(named)} more", style(9.5, colour="ink-soft")))
    return lines


def _foot(canvas: Canvas, cover: Cover) -> None:
    """The code that leads to the page that verifies it, the hash, and who we are."""
    top = MARGIN + 1.22 * inch
    canvas.setStrokeColor(paint("edge"))
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, top + 6, WIDTH - MARGIN, top + 6)
    side = 1.12 * inch
    qr.draw(canvas, cover.address, MARGIN, top - side, side)
    x = MARGIN + side + 12
    small = style(8.5, leading=1.2)
    names = "name" if cover.count == 1 else "names"
    pages = "page" if cover.annex_pages == 1 else "pages"
    annex = f"{cover.count:,} {names}, with city and ZIP code, on the {cover.annex_pages:,} {pages} behind this one."
    lines = [
        words("See for yourself", style(10.5, font=BOLD)),
        words(f"{cover.address} says what this packet holds, and how many of its signatures stand today.", small),
        words(f"Code {cover.code} · SHA-256 of the annex, as a file: {cover.digest}", small),
        words(annex, small),
        words(settings.SITE_PROMISE, small),
        words(f"{settings.SITE_NAME} · {settings.POSTAL_ADDRESS} · {settings.BASE_URL}", small),
    ]
    _put(canvas, lines, x, top, WIDTH - MARGIN - x, top - MARGIN + 8)


def new_canvas(file: io.BufferedIOBase | Any, title: str) -> Canvas:
    """A document that has no date and no chance in it: the same content makes the same bytes."""
    canvas = Canvas(file, pagesize=LETTER, invariant=1, pageCompression=1, lang="en-US")
    canvas.setTitle(title)
    canvas.setAuthor(settings.SITE_NAME)
    return canvas
