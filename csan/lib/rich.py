"""Rich text that staff write in the browser: which formatting there is, what is let through, how it reads as text."""

import re
import textwrap
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django_prose_editor.fields import ProseEditorField, create_sanitizer

from csan.lib.text import WIDTH

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [3, 4]},
    "Link": {"protocols": ["http", "https", "mailto", "tel"], "enableTarget": False},
}
_clean = create_sanitizer(EXTENSIONS)
BLOCKS = {"p", "li", "blockquote", "h3", "h4"}
BREAKS = re.compile(r"</?(?:p|li|ul|ol|blockquote|h3|h4|br)\b[^>]*>")


class RichTextField(ProseEditorField):  # type: ignore[misc]  # it comes without types
    """A text field with the editor's formatting; what a form brings is sanitised to just that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {key: value for key, value in kwargs.items() if key not in ("extensions", "sanitize")}


def clean(html: str) -> SafeString:
    """HTML with only the formatting above, whoever wrote it."""
    return SafeString(_clean(html))


def of_plain(text: str) -> SafeString:
    """Plain words as one paragraph; nothing for none."""
    return format_html("<p>{}</p>", text) if text else SafeString("")


def to_plain(html: str) -> str:
    """The same words as text: paragraphs wrapped, lists with dashes or numbers, each link's address behind it."""
    reader = _Reader()
    reader.feed(clean(html))
    reader.close()
    reader.end_block()
    return re.sub(r"\n\n(?=\s*(?:-|\d+\.) )", "\n", "\n\n".join(reader.blocks))


def words_of(html: str) -> str:
    """The bare words on one line: no marks of lists, no addresses of links."""
    return " ".join(unescape(strip_tags(BREAKS.sub(" ", clean(html)))).split())


class _Reader(HTMLParser):
    """Reads sanitised HTML block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.words = ""
        self.lead = ""
        self.markers: list[int] = []  # of the lists we are in: 0 for dashes, else the next number
        self.link = ""
        self.link_begun = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self.end_block()
            self.markers.append(0 if tag == "ul" else 1)
        elif tag in BLOCKS:
            self.end_block()
            if tag == "li":
                marker = f"{self.markers[-1]}." if self.markers and self.markers[-1] else "-"
                self.lead = "  " * (max(len(self.markers), 1) - 1) + marker + " "
                if self.markers and self.markers[-1]:
                    self.markers[-1] += 1
        elif tag == "br":
            self.words += "\n"
        elif tag == "a":
            self.link, self.link_begun = str(dict(attrs).get("href") or ""), len(self.words)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            if self.words[self.link_begun :] != self.link:
                self.words += f" ({self.link})"
            self.link = ""
        elif tag in BLOCKS:
            self.end_block()
        elif tag in ("ul", "ol"):
            self.end_block()
            if self.markers:
                self.markers.pop()

    def handle_data(self, data: str) -> None:
        self.words += re.sub(r"\s+", " ", data)

    def end_block(self) -> None:
        """Put what was read since the last block into one of its own."""
        if words := self.words.strip():
            indent = "  " * len(self.markers)
            lines = [
                textwrap.fill(
                    line.strip(),
                    WIDTH,
                    initial_indent=self.lead if at == 0 and self.lead else indent,
                    subsequent_indent=" " * len(self.lead) or indent,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                for at, line in enumerate(words.split("\n"))
            ]
            self.blocks.append("\n".join(lines))
            self.lead = ""
        self.words = ""
