"""The picture that is shown where a page of ours is shared: a poster in the theme's colours, as a small PNG.

A plum block with the rays of a sun, and a speech bubble on a stick, as one carries it on a picket line. Drawn at twice
its size and made smaller, which smooths every edge.
"""

import math
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import font_source_sans_pro as fonts
from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from csan.lib import theme

SIZE = (1200, 630)  # what social networks show whole
SCALE = 2
DESIGN = 2  # one more whenever the drawing changes, so that networks fetch their copies anew
LARGEST, SMALLEST, STEP = 112, 40, 4  # sizes of the title's letters
LINE = 1.02  # a title's line, in sizes of its letters
SUN = (1065, 120, 165)  # middle and radius
BUBBLE = (60, 64, 1010, 446)
TITLE = (106, 96, 964, 414)  # the room for letters in the bubble
MARK, MARK_SIDE = "img/icon-192.png", 72
TILT = 1.5  # degrees; a sign that is carried is never straight
COLOURS = 96  # of the PNG's palette; more cannot be told apart here


@dataclass(frozen=True)
class Poster:
    """What stands on a picture. `note` is the strip that stands out: a number, a date; it may be empty."""

    over: str
    title: str
    note: str
    name: str  # of the site


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """`Black` or `Semibold` letters, `size` pixels of the finished picture high."""
    return ImageFont.truetype(fonts.font_files_ttf[f"SourceSansPro{weight}"], size * SCALE)


def draw(poster: Poster) -> bytes:
    """The PNG."""
    colours = theme.tokens()
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), colours["brand"])
    _draw_sky(ImageDraw.Draw(image), colours)
    sign = Image.new("RGBA", image.size)
    _draw_sign(ImageDraw.Draw(sign), poster, colours)
    sign = sign.rotate(TILT, Image.Resampling.BICUBIC, center=point(600, 300))
    image.paste(sign, mask=sign)
    canvas = ImageDraw.Draw(image)
    _draw_name(canvas, poster.name, colours)
    _paste_mark(image)
    _draw_note(canvas, poster.note, colours)
    small = image.resize(SIZE, Image.Resampling.LANCZOS)
    out = BytesIO()
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def scaled(*numbers: float) -> list[int]:
    """Pixels of the drawing for pixels of the finished picture."""
    return [round(number * SCALE) for number in numbers]


def point(x: float, y: float) -> tuple[float, float]:
    """The same for a point."""
    return x * SCALE, y * SCALE


def _draw_sky(canvas: ImageDraw.ImageDraw, colours: dict[str, str]) -> None:
    x, y, radius = SUN
    rays, far = 22, 1600
    for ray in range(rays):
        angles = [math.tau * (ray + turn) / rays for turn in (0.1, 0.6)]
        ends = [(x + far * math.cos(angle), y + far * math.sin(angle)) for angle in angles]
        canvas.polygon([point(x, y), *(point(*end) for end in ends)], fill=colours["brand-ray"])
    canvas.ellipse(scaled(x - radius, y - radius, x + radius, y + radius), colours["sun"], colours["ink"], 8)
    # Cut paper: hills along the lower edge, the people's side of the picture.
    canvas.ellipse(scaled(840, 520, 1320, 900), colours["coral"], colours["ink"], 8)
    canvas.ellipse(scaled(1010, 560, 1420, 900), colours["teal"], colours["ink"], 8)


def _draw_sign(canvas: ImageDraw.ImageDraw, poster: Poster, colours: dict[str, str]) -> None:
    ink = colours["ink"]
    canvas.rectangle(scaled(132, 380, 172, 760), colours["butter"], ink, 8)
    left, top, right, bottom = BUBBLE
    tail = [(300, bottom - 20), (268, bottom + 66), (400, bottom - 20)]
    for shift, fill in ((14, ink), (0, colours["sheet"])):  # a hard shadow, then the paper
        canvas.polygon([point(x + shift, y + shift) for x, y in tail], fill, ink, 10)
        box = scaled(left + shift, top + shift, right + shift, bottom + shift)
        canvas.rounded_rectangle(box, 44 * SCALE, fill, ink, 10)
    # The seam between bubble and tail.
    canvas.polygon([point(306, bottom - 24), point(306, bottom), point(384, bottom), point(394, bottom - 24)],
                   colours["sheet"])  # fmt: skip
    left, top, right, bottom = TITLE
    if poster.over:
        over = shortened(poster.over, font("Semibold", 34), right - left)
        canvas.text(point(left, top), over, colours["link"], font("Semibold", 34), anchor="la")
        top += 50
    letters, lines = fitted(poster.title, right - left, bottom - top)
    height = letters.size * LINE
    y = (top + bottom) * SCALE / 2 - height * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        canvas.text((left * SCALE, y + number * height), line, ink, letters, anchor="lm")


def _draw_name(canvas: ImageDraw.ImageDraw, name: str, colours: dict[str, str]) -> None:
    letters = font("Black", 34)
    for size in range(34, 20, -2):
        letters = font("Black", size)
        if letters.getlength(name) <= 500 * SCALE:
            break
    canvas.text(point(340, 566), shortened(name, letters, 500), colours["on-brand"], letters, anchor="lm")


def _paste_mark(image: Image.Image) -> None:
    """The site's own icon before its name; a theme's, where it brings one."""
    if path := finders.find(MARK):
        with Image.open(path) as icon:
            side = MARK_SIDE * SCALE
            mark = icon.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
        shape = Image.new("L", mark.size)
        ImageDraw.Draw(shape).rounded_rectangle((0, 0, side - 1, side - 1), 16 * SCALE, 255)
        x, y = point(252, 566 - MARK_SIDE / 2)
        image.paste(mark, (round(x), round(y)), shape)
        edge = [round(x), round(y), round(x) + side - 1, round(y) + side - 1]
        ImageDraw.Draw(image).rounded_rectangle(edge, 16 * SCALE, outline=theme.tokens()["ink"], width=8)


def _draw_note(canvas: ImageDraw.ImageDraw, note: str, colours: dict[str, str]) -> None:
    if not note:
        return
    letters = next((font("Black", size) for size in range(44, 28, -2)
                    if font("Black", size).getlength(note) <= 820 * SCALE), font("Black", 28))  # fmt: skip
    note = shortened(note, letters, 820)
    width = letters.getlength(note) / SCALE + 64
    right, top, bottom = 1150, 428, 514
    left = right - width
    canvas.rounded_rectangle(scaled(left + 8, top + 10, right + 8, bottom + 10), 18 * SCALE, colours["ink"])
    canvas.rounded_rectangle(scaled(left, top, right, bottom), 18 * SCALE, colours["sun"], colours["ink"], 8)
    middle = point((left + right) / 2, (top + bottom) / 2)
    canvas.text(middle, note, colours["on-sun"], letters, anchor="mm")


def fitted(text: str, width: float, height: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters with which the text fits, and its lines; a text too long for the smallest is cut."""
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        letters = font("Black", size)
        lines = wrapped(text, letters, width)
        if len(lines) * size * LINE <= height and all(letters.getlength(line) <= width * SCALE for line in lines):
            return letters, balanced(text, letters, width, len(lines))
    letters = font("Black", SMALLEST)
    room = int(height / (SMALLEST * LINE))
    lines = wrapped(text, letters, width)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1]} …"]
    return letters, [shortened(line, letters, width) for line in lines]


def balanced(text: str, letters: ImageFont.FreeTypeFont, width: float, count: int) -> list[str]:
    """The same number of lines, as even as they can be, so that no word stands alone in the last."""
    narrow = width
    while narrow > width / 2:
        lines = wrapped(text, letters, narrow - 20)
        if len(lines) > count or any(letters.getlength(line) > width * SCALE for line in lines):
            break
        narrow -= 20
    return wrapped(text, letters, narrow)


def wrapped(text: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines no wider than `width`, but for words that are wider alone."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.getlength(longer) > width * SCALE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def shortened(text: str, letters: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, or as much of it as `width` holds with an ellipsis behind it."""
    if letters.getlength(text) <= width * SCALE:
        return text
    while text and letters.getlength(f"{text}…") > width * SCALE:
        text = text[:-1]
    return f"{text.rstrip(' …')}…"
