"""What a week came to, as a PDF for the committee: numbers first, then the locals' own words and photos."""

from collections.abc import Iterable, Sequence
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from campaigns.desk.after_action import AfterAction, Cost
from campaigns.models import ReportPhoto
from campaigns.reports import report_photos
from csan.lib import private_files, theme, tilemap
from csan.lib.states import name_of
from csan.lib.typefaces import BLACK, BODY, BOLD, printable, register

WIDTH, HEIGHT = LETTER
MARGIN = 0.75 * inch
FULL = WIDTH - 2 * MARGIN
TILE = 20.0
STEPS = ("#ffffff", "#e3d3e4", "#c19fc3", "#97639b", "#4c1450")  # as on the site: darker is more
MOST_QUOTES, MOST_PHOTOS = 40, 6
REACHED = "reached: in locals that got a box or took part"
TASK_HEAD = ("Task", "Pledged", "Told us", "Did it", "How many")
PHOTO = (2.2 * inch, 1.65 * inch)  # the room for one


def draw(told: AfterAction) -> BytesIO:
    """The PDF, ready to be read."""
    register()
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=LETTER, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=f"What {told.week} came to", author=settings.SITE_NAME, lang="en-US",
    )  # fmt: skip
    parts = [*_head(told), *_tasks(told), *_states(told), *_items(told), *_boxes(told), *_cost(told.cost)]
    foot = partial(_foot, words=f"{settings.SITE_NAME} · {told.week}")
    document.build([*parts, *_quotes(told), *_photos(told)], onFirstPage=foot, onLaterPages=foot)
    file.seek(0)
    return file


def figures(told: AfterAction) -> list[tuple[str, str]]:
    """The first numbers, with what they count."""
    counted = (
        (told.registered, "local registered", "locals registered"),
        (told.shipped, "local was sent a box", "locals were sent a box"),
        (told.reported, "local told us about its week", "locals told us about their week"),
        (told.took_part, "of them took part", "of them took part"),
        (told.members, "member in the locals registered", "members in the locals registered"),
        (told.reached, f"member {REACHED}", f"members {REACHED}"),
        (told.people, "person took part, as the locals counted", "people took part, as the locals counted"),
        (told.withdrawn, "local withdrew", "locals withdrew"),
    )
    return [(f"{count:,}", one if count == 1 else many) for count, one, many in counted]


def _style(size: float, *, font: str = BODY, colour: str = "ink", **more: Any) -> ParagraphStyle:
    paint = HexColor(theme.tokens()[colour])
    return ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.3, textColor=paint, **more)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(text)), style)


def _heading(text: str) -> Paragraph:
    return _words(text, _style(14, font=BOLD, spaceBefore=16, spaceAfter=5, keepWithNext=1))


def _note(text: str) -> Paragraph:
    return _words(text, _style(9.5, colour="ink-soft", spaceAfter=4))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> Table:
    """The first column has words, the others numbers; the head stands on every page."""
    plain, bold = _style(10), _style(9.5, font=BOLD)
    right, bold_right = _style(10, alignment=2), _style(9.5, font=BOLD, alignment=2)
    cells = [[_words(text, bold_right if at else bold) for at, text in enumerate(head)]]
    cells += [[_words(text, right if at else plain) for at, text in enumerate(row)] for row in rows]
    lines = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor(theme.tokens()["ink"])),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor(theme.tokens()["edge"])),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return Table(cells, colWidths=[FULL * width for width in widths], style=lines, repeatRows=1, hAlign="LEFT")


def _head(told: AfterAction) -> list[Flowable]:
    week = told.week
    days = f"{date_format(week.starts_on, 'F j, Y')} to {date_format(week.ends_on, 'F j, Y')}"
    parts: list[Flowable] = [
        _words(f"What {week} came to", _style(24, font=BLACK, spaceAfter=4)),
        _words(f"{week.theme} · {days}", _style(12, font=BOLD)),
        _note(f"As it stood on {date_format(timezone.localdate(), 'F j, Y')}."),
    ]
    if told.districts:
        parts.append(_note(f"Only the locals of these districts: {', '.join(told.districts)}."))
    number, words = _style(18, font=BLACK, colour="link", alignment=2), _style(12)
    rows = [[_words(count, number), _words(label, words)] for count, label in figures(told)]
    table = Table(
        rows, colWidths=[1.1 * inch, FULL - 1.1 * inch], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    )
    return [*parts, Spacer(1, 6), table]


def _tasks(told: AfterAction) -> list[Flowable]:
    if not told.tasks:
        return []
    rows = [
        (task.title, f"{task.pledged:,}", f"{task.told:,}", f"{task.done:,}", f"{task.number:,}")
        for task in told.tasks
    ]
    return [_heading("What was asked, and done"), _table(TASK_HEAD, rows, (0.48, 0.13, 0.13, 0.13, 0.13))]


class _Map(Flowable):  # type: ignore[misc]  # the library tells no types
    """The country, a square for each state; the table below it says the same."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__()
        self.map = tilemap.tile_map(counts, fewest=1, unit="locals")
        self.scale = TILE / tilemap.SIZE
        self.width, self.height = self.map.width * self.scale, self.map.height * self.scale + 6

    def draw(self) -> None:
        canvas: Canvas = self.canv
        for tile in self.map.tiles:
            x, y = tile.x * self.scale, self.height - TILE - tile.y * self.scale
            canvas.setFillColor(HexColor(STEPS[tile.step]))
            canvas.setStrokeColor(HexColor(theme.tokens()["edge"]))
            canvas.rect(x, y, TILE - 1.5, TILE - 1.5, stroke=1, fill=1)
            canvas.setFillColor(HexColor(theme.tokens()["on-brand" if tile.step > 2 else "ink"]))
            canvas.setFont(BODY, 7)
            canvas.drawCentredString(x + (TILE - 1.5) / 2, y + 6, tile.code)


def _states(told: AfterAction) -> list[Flowable]:
    if not told.states:
        return []
    counts = {state.code: state.registered for state in told.states}
    rows = [
        (name_of(state.code) if state.code else "State not known", f"{state.registered:,}", f"{state.reported:,}")
        for state in told.states
    ]
    table = _table(("State", "Locals registered", "Told us"), rows, (0.5, 0.25, 0.25))
    return [KeepTogether([_heading("Where the locals are"), _Map(counts), _note("Darker is more.")]), table]


def _items(told: AfterAction) -> list[Flowable]:
    if not told.items:
        return []
    rows = [
        (item.name, f"{use.locals_:,}", f"{use.sent:,}", f"{use.left_over:,}", f"{use.short:,}")
        for item, use in told.items
    ]
    head = ("Item", "Locals that told", "Sent to them", "Left over", "Too few")
    return [_heading("What was left over, and what was short"), _table(head, rows, (0.4, 0.15, 0.15, 0.15, 0.15))]


def _boxes(told: AfterAction) -> list[Flowable]:
    boxes = told.boxes
    rows = [
        ("Boxes that left", f"{boxes.left:,}"),
        ("Delivered, as far as we know", f"{boxes.delivered:,}"),
        ("Left after the last day to ship, or arrived once the week had begun", f"{boxes.late:,}"),
        ("Lost", f"{boxes.lost:,}"),
        ("Returned to us", f"{boxes.returned:,}"),
    ]
    return [KeepTogether([_heading("Boxes"), _table(("What became of them", "How many"), rows, (0.8, 0.2))])]


def _cost(cost: Cost) -> list[Flowable]:
    pairs = (
        ("Postage", cost.postage), ("Printing and things bought", cost.printing), ("All else", cost.other),
        ("In all", cost.total), (f"For each member reached, of {cost.members:,}", cost.per_member),
    )  # fmt: skip
    rows = [(label, "not known" if dollars is None else f"${dollars:,.2f}") for label, dollars in pairs]
    parts = [_heading("Cost"), _table(("Of the whole week", "Dollars"), rows, (0.75, 0.25))]
    if cost.total is not None and not cost.is_complete:
        parts.append(_note("Not all costs are entered yet; the sums are of those that are."))
    return [KeepTogether(parts)]


def _quotes(told: AfterAction) -> list[Flowable]:
    if not told.quotes:
        return []
    parts: list[Flowable] = []
    for sentence, local in told.quotes[:MOST_QUOTES]:
        head = [] if parts else [_heading("In their own words")]
        said = [*head, _words(f"“{sentence}”", _style(11.5)), _words(local, _style(10, font=BOLD, spaceAfter=8))]
        parts.append(KeepTogether(said))
    if (more := len(told.quotes) - MOST_QUOTES) > 0:
        parts.append(_note(f"And {more:,} more on the wall of the week."))
    return parts


def _photos(told: AfterAction) -> list[Flowable]:
    shown = [each for photo in told.photos[:MOST_PHOTOS] if (each := _photo(photo))]
    if not shown:
        return []
    rows = [[*shown[at : at + 3], *[""] * (3 - len(shown[at : at + 3]))] for at in range(0, len(shown), 3)]
    top = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return [_heading("Photos"), Table(rows, colWidths=[FULL / 3] * 3, style=top, hAlign="LEFT")]


def _photo(photo: ReportPhoto) -> list[Flowable]:
    """With what can be seen in it, and whose it is; nothing where the file is gone."""
    try:
        with report_photos.open_photo(photo) as file:
            content = BytesIO(file.read())
    except private_files.Gone:
        return []
    scale = min(PHOTO[0] / photo.width, PHOTO[1] / photo.height)
    image = Image(content, width=photo.width * scale, height=photo.height * scale, hAlign="LEFT")
    return [image, _words(f"{photo.alt} {photo.report.registration.local}", _style(8.5))]


def _foot(canvas: Canvas, document: Any, *, words: str) -> None:
    canvas.setFont(BODY, 8.5)
    canvas.setFillColor(HexColor(theme.tokens()["ink-soft"]))
    canvas.drawString(MARGIN, 0.45 * inch, printable(words))
    canvas.drawRightString(WIDTH - MARGIN, 0.45 * inch, f"Page {document.page}")
