"""Whether the words of a letter can be read on what they stand on, in the light and in the dark (WCAG 2.2, 1.4.3).

The letter's stylesheet paints with the palette only, and of that each pair is computed. Colours written into the
letter's elements are followed from the outside in. Those of the palette change in the dark, others stay as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from csan.lib import theme
from csan.lib.mail.palette import PAIRS, colours

LEAST = theme.WORDS
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"style", "title", "script", "head"}
COLOUR = re.compile(
    r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|\b(?:white|black|red|yellow)\b"
)
NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "yellow": "#ffff00"}
Palette = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Hard:
    """Words that are hard to read: which, in which scheme, in what colours, at what contrast."""

    words: str
    scheme: str
    ink: str
    ground: str
    ratio: float


@dataclass(frozen=True)
class Painted:
    """Words and their colours, as the elements around them say."""

    words: str
    ink: str
    ground: str


def hard_pairs() -> list[Hard]:
    """The pairs of the site's own palette that are hard to read; none with the colours that it comes with."""
    return [
        Hard(f"{ink} on {ground}".replace("_", "-"), scheme, found[ink], found[ground], ratio)
        for scheme, found in colours().items()
        for ink, ground in PAIRS
        if (ratio := theme.contrast(found[ink], found[ground])) < LEAST
    ]


def hard_words(html: str) -> list[Hard]:
    """The words of a letter whose colours, as written into its elements, are hard to read."""
    palette = colours()
    reader = _Reader(palette["light"])
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(hard for painted in reader.found for hard in _looked_at(painted, palette)))


def _looked_at(painted: Painted, palette: Palette) -> Iterator[Hard]:
    ratio = theme.contrast(painted.ink, painted.ground)
    if ratio < LEAST:
        yield Hard(painted.words, "light", painted.ink, painted.ground, ratio)
    inks = _in_the_dark(painted.ink, [ink for ink, _ in PAIRS], palette)
    grounds = _in_the_dark(painted.ground, [ground for _, ground in PAIRS], palette)
    if inks and grounds:
        return  # both are the palette's, whose pairs are computed
    worst = min(
        (theme.contrast(ink, ground), ink, ground)
        for ink in inks or [painted.ink]
        for ground in grounds or [painted.ground]
    )
    if worst[0] < LEAST:
        yield Hard(painted.words, "dark", worst[1], worst[2], worst[0])


def _in_the_dark(colour: str, names: list[str], palette: Palette) -> list[str]:
    """What a colour of the palette becomes in the dark; nothing where it is none."""
    return [palette["dark"][name] for name in dict.fromkeys(names) if palette["light"][name] == colour]


def read_colour(text: str) -> str:
    """The last colour that a declaration names, with six digits; empty for none that is known."""
    found = COLOUR.findall(text.lower())
    if not found:
        return ""
    colour = NAMED.get(found[-1], found[-1])
    if colour.startswith("rgb"):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in re.findall(r"\d+", colour))
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


class _Reader(HTMLParser):
    """Follows colours from each element to those within, and notes what words are painted with."""

    def __init__(self, light: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Painted] = []
        self.stack: list[tuple[str, str, str, bool]] = [("", light["ink"], light["paper"], True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        said = {name: value or "" for name, value in attrs}
        _, ink, ground, is_seen = self.stack[-1]
        ground = read_colour(said.get("bgcolor", "")) or ground
        ink = read_colour(said.get("color", "")) or ink
        for declaration in said.get("style", "").split(";"):
            name, _, value = declaration.partition(":")
            match name.strip().lower():
                case "color":
                    ink = read_colour(value) or ink
                case "background" | "background-color":
                    ground = read_colour(value) or ground
                case "display" if "none" in value:
                    is_seen = False
        self.stack.append((tag, ink, ground, is_seen and tag not in UNSEEN))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at][0] == tag:
                del self.stack[at:]
                return

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        _, ink, ground, is_seen = self.stack[-1]
        if words and is_seen:
            self.found.append(Painted(words, ink, ground))
