"""What staff write in Markdown: to sanitised HTML, and to plain text that reads well in a letter."""

import re
import textwrap
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

ALLOWED_TAGS = {
    "a", "p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "code", "pre",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
WIDTH = 72  # characters a line in plain text, the old custom of mail


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False})


def to_html(markdown: str) -> SafeString:
    """HTML with only the tags above; headings begin at the second level, because the page has the first."""
    html = _markdown().render(markdown)
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    clean = nh3.clean(html, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, url_schemes=ALLOWED_SCHEMES)
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def to_plain(markdown: str) -> str:
    """The same words as text: paragraphs wrapped, lists with dashes or numbers, each link's address behind it."""
    blocks: list[str] = []
    markers: list[str] = []
    lead = ""
    for token in _markdown().parse(markdown):
        match token.type:
            case "bullet_list_open":
                markers.append("-")
            case "ordered_list_open":
                markers.append(str(token.attrGet("start") or 1) + ".")
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
            case "list_item_open":
                lead = "  " * (len(markers) - 1) + markers[-1] + " "
                if markers[-1] != "-":
                    markers[-1] = f"{int(markers[-1][:-1]) + 1}."
            case "inline":
                blocks.append(_wrap(_inline(token), lead, "  " * len(markers)))
                lead = ""
            case "fence" | "code_block":
                blocks.append(textwrap.indent(token.content.rstrip(), "    "))
            case "hr":
                blocks.append("* * *")
    return re.sub(r"\n\n(?=\s*(?:-|\d+\.) )", "\n", "\n\n".join(blocks))


def _wrap(text: str, lead: str, indent: str) -> str:
    paragraphs = [
        textwrap.fill(
            part,
            WIDTH,
            initial_indent=lead or indent,
            subsequent_indent=" " * len(lead) or indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in text.split("\n")
    ]
    return "\n".join(paragraphs)


def _inline(token: Token) -> str:
    """An inline token's text. A link is written `text (address)`, or the address alone where they are equal."""
    parts: list[str] = []
    address, begun = "", 0
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "link_open":
                address, begun = str(child.attrGet("href")), len(parts)
            case "link_close" if "".join(parts[begun:]) != address:
                parts.append(f" ({address})")
    return "".join(parts)
