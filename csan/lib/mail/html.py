"""A letter's HTML: a Django template that makes MJML, and MJML that makes the tables mail programs know."""

import re

from django.template.loader import render_to_string
from mjml import mjml2html

from csan.lib.mail.palette import colours

# A line must stay under 998 bytes (RFC 5322, 2.1.1); past that the e-mail package encodes the part anew.
LONGEST_LINE = 900
# What MJML does not know it copies, so that a mistyped name would reach the reader.
LEFT_OVER = re.compile(r"</?mj-?[\w-]*")
# Before these a line may end without anybody seeing it, so that lines are seldom broken amid words.
BLOCK = re.compile(r"(?=<(?:table|tr|td|div|p|h[1-6]|ul|ol|li|blockquote)\b)")
# What XML has no place for; it comes along when words are pasted, a vertical tab above all.
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class BrokenMarkup(ValueError):
    """A template is no good MJML; the text says what was found."""


def render_html(template: str, values: dict[str, object]) -> str:
    """The HTML part from `mail/<template>.mjml`, in lines short enough for mail. Raises BrokenMarkup."""
    source = render_to_string(f"mail/{template}.mjml", {**values, **colours()})
    return fold_long_lines(from_mjml(source)) + "\n"


def from_mjml(source: str) -> str:
    """HTML without anything to fetch: no fonts, no pictures of MJML's own. Raises BrokenMarkup."""
    try:
        html = mjml2html(NOT_XML.sub("", source).strip(), fonts={}, disable_comments=False)
    except ValueError as error:
        raise BrokenMarkup(str(error)) from error
    if unknown := LEFT_OVER.search(html):
        raise BrokenMarkup(f"MJML does not know {unknown[0]}>")
    return BLOCK.sub("\n", html.strip())


def fold_long_lines(html: str) -> str:
    """HTML without a line that the e-mail package would have to encode: broken at blanks, which HTML does not mind."""
    return "\n".join(_fold(line) for line in html.split("\n"))


def _fold(line: str) -> str:
    folded = []
    while len(line.encode()) > LONGEST_LINE:
        room = line.encode()[:LONGEST_LINE].decode(errors="ignore")
        at = room.rfind(" ")
        if at <= 0:
            break
        folded.append(line[:at])
        line = line[at + 1 :]
    return "\n".join([*folded, line])
