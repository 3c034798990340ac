"""Many pictures on few sheets, large enough to be read; and a page that leads to them all."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SHEET_WIDTH = 1800
COLUMN_HEIGHT = 1500
GAP = 20
LABEL = 26
COLUMNS = {390: 5, 768: 3, 1280: 2}
GROUND, WORDS = "#888888", "#000000"


@dataclass(frozen=True)
class Picture:
    """One page in one state, language, width and scheme, and where its PNG lies."""

    folder: Path
    state: str
    name: str
    language: str
    width: int
    scheme: str

    @property
    def file(self) -> Path:
        words = re.sub(r"[^\w-]+", "-", self.name.lower()).strip("-")
        return self.folder / self.state / f"{words}.{self.language}.{self.width}.{self.scheme}.png"

    @property
    def group(self) -> tuple[str, str, int, str]:
        """What stands together on sheets."""
        return self.state, self.language, self.width, self.scheme


def columns(picture: Picture) -> Iterator[tuple[str, Image.Image]]:
    """The picture, as wide as a column of its sheet and cut where a column ends, each part with its name."""
    wide = (SHEET_WIDTH - GAP) // COLUMNS[picture.width] - GAP
    with Image.open(picture.file) as whole:
        small = whole.convert("RGB").resize(
            (wide, max(1, whole.height * wide // whole.width)), Image.Resampling.LANCZOS
        )
    for number, top in enumerate(range(0, small.height, COLUMN_HEIGHT)):
        name = picture.name if not number else f"{picture.name}, part {number + 1}"
        yield name, small.crop((0, top, wide, min(top + COLUMN_HEIGHT, small.height)))


def draw(parts: list[tuple[str, Image.Image]]) -> Image.Image:
    """One sheet: the parts side by side, each under its name."""
    height = LABEL + max(part.height for _, part in parts) + 2 * GAP
    sheet = Image.new("RGB", (SHEET_WIDTH, height), GROUND)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=18)
    left = GAP
    for name, part in parts:
        pen.text((left, GAP // 2), name, fill=WORDS, font=font)
        sheet.paste(part, (left, GAP // 2 + LABEL))
        left += part.width + GAP
    return sheet


def write_sheets(pictures: Iterable[Picture], folder: Path) -> list[Path]:
    """The sheets of all pictures under `folder/sheets`; where they lie."""
    written = []
    for group, members in groupby(sorted(pictures, key=lambda picture: picture.group), lambda picture: picture.group):
        parts = [part for picture in members for part in columns(picture)]
        fitting = COLUMNS[group[2]]
        for number, start in enumerate(range(0, len(parts), fitting), start=1):
            file = folder / "sheets" / f"{'.'.join(map(str, group))}.{number:02}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            draw(parts[start : start + fitting]).save(file, optimize=True)
            written.append(file)
    return written


def write_index(pictures: list[Picture], sheets: list[Path], folder: Path) -> Path:
    """A page with a link to each sheet and picture."""
    lines = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Gallery</title><h1>Gallery</h1><h2>Sheets</h2><ul>"
    ]
    lines += [f'<li><a href="{sheet.relative_to(folder)}">{escape(sheet.stem)}</a>' for sheet in sheets]
    lines.append("</ul><h2>Pages and letters</h2><ul>")
    for (state, name), members in groupby(pictures, lambda picture: (picture.state, picture.name)):
        links = " ".join(
            f'<a href="{each.file.relative_to(folder)}">{each.language} {each.width} {each.scheme}</a>'
            for each in members
        )
        lines.append(f"<li>{escape(state)}: {escape(name)} {links}")
    index = folder / "index.html"
    index.write_text("\n".join([*lines, "</ul></html>\n"]))
    return index
