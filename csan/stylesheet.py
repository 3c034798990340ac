"""One stylesheet out of many readable ones, made when static files are collected (csan/collecting.py).

`css/site.css` is tokens.css with the theme's colours, base.css, then css/components/*.css by name, minified. Pages
link to it alone; the parts need no order of their own and no `@import`.
"""

import posixpath
import re
from pathlib import Path

import rcssmin
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from csan.lib import theme

NAME = "css/site.css"
FIRST = ("css/base.css",)
FOLDER = "css/components/"
RELATIVE = re.compile(r"""url\(\s*(['"]?)(?![a-z]+:|/|#)([^'")]+)\1\s*\)""")


def part_names() -> list[str]:
    """The files behind the tokens, in the order in which they are joined; a theme's folder may bring its own."""
    found = {path for finder in finders.get_finders() for path, _ in finder.list([])}
    components = sorted(path for path in found if path.startswith(FOLDER) and path.endswith(".css"))
    return [name for name in FIRST if name in found] + components


def read_part(name: str) -> str:
    """A part's text, the addresses in it as they are seen from `css/site.css`."""
    path = finders.find(name)
    assert path, name

    def seen_from_site(match: re.Match[str]) -> str:
        target = posixpath.join(posixpath.dirname(name), match[2])
        return f'url("{posixpath.relpath(target, posixpath.dirname(NAME))}")'

    return RELATIVE.sub(seen_from_site, Path(path).read_text())


def site_css() -> str:
    """The whole stylesheet. Raises ImproperlyConfigured for a theme that cannot be read."""
    if found := theme.problems():
        raise ImproperlyConfigured(found[0])
    return str(rcssmin.cssmin("\n".join([theme.stylesheet(), *map(read_part, part_names())])))
