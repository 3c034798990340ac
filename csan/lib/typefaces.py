"""The letters that we print in, and what stands for letters that it has not.

Source Sans Pro has Latin with every accent, Vietnamese, Hawaiian, Greek and Cyrillic. Other scripts are named in
brackets instead of shown as empty boxes; the file of the annex has every name as it was written.
"""

import unicodedata
from functools import cache

import font_source_sans_pro as fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

BODY, BOLD, BLACK = "SourceSans", "SourceSans-Semibold", "SourceSans-Black"
FILES = {BODY: "SourceSansPro", BOLD: "SourceSansProSemibold", BLACK: "SourceSansProBlack"}
UNSEEN = ("Cf", "Cc", "Mn", "Me")  # marks of direction, joiners: nothing of their own to see
NAMES = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}


@cache
def register() -> frozenset[str]:
    """Make the letters known to the program that draws; which characters all of them have."""
    known: list[set[str]] = []
    for name, file in FILES.items():
        font = TTFont(name, fonts.font_files_ttf[file])
        pdfmetrics.registerFont(font)
        known.append({chr(code) for code in font.face.charToGlyph})
    pdfmetrics.registerFontFamily(BODY, normal=BODY, bold=BOLD, italic=BODY, boldItalic=BOLD)
    return frozenset(set.intersection(*known))


def printable(text: str) -> str:
    """The text, with the script named in brackets where letters are missing: مریم becomes [Arabic]."""
    if text.isascii() and text.isprintable():
        return text
    have, text = register(), unicodedata.normalize("NFC", text)
    if have.issuperset(text):
        return text
    out: list[str] = []
    for word in text.split(" "):
        shown = _word(word, have)
        if not (shown.startswith("[") and out and out[-1] == shown):
            out.append(shown)
    return " ".join(filter(None, out))


def _word(word: str, have: frozenset[str]) -> str:
    missing = [letter for letter in word if letter not in have]
    lost = [letter for letter in missing if unicodedata.category(letter) not in UNSEEN]
    if not lost:
        return "".join(letter for letter in word if letter in have)
    if len(lost) < len(word) and not any(unicodedata.category(letter).startswith("L") for letter in lost):
        return "".join(letter if letter in have else "" for letter in word)  # a name with a smiley
    return f"[{_script(lost[0])}]"


def _script(letter: str) -> str:
    if not unicodedata.category(letter).startswith("L"):
        return "sign"
    first = unicodedata.name(letter, "other").split()[0]
    return NAMES.get(first, first.capitalize())


def width(text: str, font: str, size: float) -> float:
    """In points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, font: str, size: float, room: float) -> str:
    """The text, or as much of it as there is room for, with an ellipsis behind it."""
    if width(text, font, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(f"{text[:middle]}…", font, size) <= room else (low, middle - 1)
    return f"{text[:low].rstrip()}…"
