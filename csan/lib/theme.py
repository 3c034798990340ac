"""The site's colours: read from `css/tokens.css`, changed by settings, and looked at before anybody has to read them.

A colour is a token of the stylesheet such as `--brand`; `THEME_COLOURS` and `THEME_COLOURS_DARK` give some of them
other values. Whatever shows colours outside of the stylesheet (letters, share pictures, the manifest) asks here.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

SOURCE = "css/tokens.css"
SCHEMES = {"light": "THEME_COLOURS", "dark": "THEME_COLOURS_DARK"}  # and the settings that change them
LIGHT_BLOCK = re.compile(r":root\s*\{([^}]*)\}")
DARK_BLOCK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\s*;")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")

# Foreground, ground, and the contrast that WCAG 2.2 asks of words (1.4.3) and of the edges of fields (1.4.11).
WORDS, EDGES = 4.5, 3.0
PAIRS = (
    ("ink", "paper", WORDS),
    ("ink", "sheet", WORDS),
    ("ink", "blush", WORDS),
    ("ink", "mint", WORDS),
    ("ink", "butter", WORDS),
    ("ink-soft", "paper", WORDS),
    ("ink-soft", "sheet", WORDS),
    ("link", "paper", WORDS),
    ("link", "sheet", WORDS),
    ("on-brand", "brand", WORDS),
    ("on-brand", "brand-ray", WORDS),
    ("on-sun", "sun", WORDS),
    ("on-sun", "sun-hover", WORDS),
    ("wrong", "wrong-ground", WORDS),
    ("wrong", "sheet", WORDS),
    ("focus", "paper", EDGES),
    ("edge", "sheet", EDGES),
    ("edge", "paper", EDGES),
    ("outline", "paper", EDGES),
    ("outline", "sheet", EDGES),
)


def parse(text: str) -> dict[str, str]:
    """The colours of a setting such as `brand=#123456,sun=#ffcc00`. Raises ImproperlyConfigured."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, colour = (word.strip() for word in part.partition("="))
        if not COLOUR.fullmatch(colour):
            raise ImproperlyConfigured(f"{part!r} is not a colour of the theme; write it as brand=#123456.")
        found[name.removeprefix("--")] = colour.lower()
    return found


@cache
def source() -> str:
    """The stylesheet of tokens as it stands in its file. Raises ImproperlyConfigured where there is none."""
    path = finders.find(SOURCE)
    if not path:
        raise ImproperlyConfigured(f"{SOURCE} is missing among the static files; without it there is no theme.")
    return Path(path).read_text()


def overrides(scheme: str) -> dict[str, str]:
    """What the settings change in a scheme, `light` or `dark`. Raises ImproperlyConfigured."""
    setting = SCHEMES[scheme]
    changed = parse(getattr(settings, setting))
    if unknown := sorted(set(changed) - set(_written("light"))):
        known = ", ".join(sorted(_written("light")))
        raise ImproperlyConfigured(
            f"{setting} names {unknown[0]!r}, which is no colour of the theme; there are {known}."
        )
    return changed


def tokens(scheme: str = "light") -> dict[str, str]:
    """Every colour of a scheme, `light` or `dark`, by the token's name without dashes in front."""
    light = {**_written("light"), **overrides("light")}
    return light if scheme == "light" else {**light, **_written("dark"), **overrides("dark")}


@cache
def _written(scheme: str) -> dict[str, str]:
    found = (LIGHT_BLOCK if scheme == "light" else DARK_BLOCK).search(source())
    return {name: colour.lower() for name, colour in TOKEN.findall(found[1])} if found else {}


def only_light() -> list[str]:
    """The colours that the settings change in the light scheme alone, though the dark one has its own."""
    return sorted((set(overrides("light")) & set(_written("dark"))) - set(overrides("dark")))


def stylesheet() -> str:
    """The stylesheet of tokens with the settings' changes written into its own blocks, so that print still wins."""
    css = source()
    for scheme, block in (("dark", DARK_BLOCK), ("light", LIGHT_BLOCK)):
        changed = "".join(f"--{name}: {colour};" for name, colour in overrides(scheme).items())
        if changed and (found := block.search(css)):
            css = f"{css[: found.end(1)]}{changed}{css[found.end(1) :]}"
    return css


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb` or `#rgb`, each from 0 to 255."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, from 0 (black) to 1 (white)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in (channel / 255 for channel in channels(colour))]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def problems() -> list[str]:
    """What stands against this theme, a sentence each: a colour that is none, a pair that is hard to read."""
    try:
        schemes = {scheme: tokens(scheme) for scheme in SCHEMES}
    except ImproperlyConfigured as error:
        return [str(error)]
    return [sentence for scheme, colours in schemes.items() for sentence in _hard_to_read(scheme, colours)]


def _hard_to_read(scheme: str, colours: Mapping[str, str]) -> list[str]:
    found = []
    for foreground, ground, least in PAIRS:
        if lacking := {foreground, ground} - set(colours):
            found.append(f"{SOURCE} gives no colour to --{min(lacking)}, which pages are drawn with.")
            continue
        ratio = contrast(colours[foreground], colours[ground])
        if ratio < least:
            what = "Words" if least == WORDS else "Edges"
            found.append(
                f"{what} in {foreground} ({colours[foreground]}) on {ground} ({colours[ground]}) have a contrast of "
                f"{ratio:.2f}:1 in the {scheme} theme and need {least}:1; change one of them in {SCHEMES[scheme]}."
            )
    return found
