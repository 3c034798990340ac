"""A letter as a screen reader says it: headings, links, descriptions of pictures and words, in their order."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

SILENT = {"head", "style", "script", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ENDS_WORDS = {"p", "div", "td", "tr", "table", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden")


@dataclass(frozen=True)
class Utterance:
    """Something that is said: its role (heading, link, picture, item of a list, words), and in which language."""

    role: str
    words: str
    language: str = ""
    level: int = 0  # of a heading
    is_link: bool = False  # also of a heading that leads somewhere

    @property
    def is_wrong(self) -> bool:
        """A link or a picture that says nothing."""
        return not self.words


def read(html: str) -> list[Utterance]:
    """Everything that is said, from the first to the last. A picture that is only there to look at is passed over."""
    voice = _Voice()
    voice.feed(html)
    voice.close()
    voice.say_words()
    return voice.said


class _Voice(HTMLParser):
    """Goes through a letter's HTML, remembering where it is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[Utterance] = []
        self.open: list[tuple[str, bool, str]] = []  # each tag we are in: its name, whether it is silent, its language
        self.heard = ""
        self.within = ""  # a heading or a link, whose words belong together
        self.is_link = False
        self.label: str | None = None

    @property
    def is_silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    @property
    def language(self) -> str:
        return self.open[-1][2] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "img" and not self.is_silent:
            self._say_picture(known)
        if tag == "br":
            self.heard += " "
        if tag in VOID:
            return
        hides = tag in SILENT or known.get("aria-hidden") == "true" or "hidden" in known
        hides = hides or bool(HIDDEN.search(known.get("style") or ""))
        begins = tag in HEADINGS or (tag == "a" and bool(known.get("href")))
        if not self.is_silent and not hides and (begins or tag in ENDS_WORDS):
            self._begin(tag, known)
        self.open.append((tag, self.is_silent or hides, known.get("lang") or self.language))

    def _begin(self, tag: str, known: dict[str, str | None]) -> None:
        if self.within in HEADINGS and tag == "a":
            self.is_link = True
            return
        self.say_words()
        if tag in HEADINGS or tag == "a":
            self.within, self.label = tag, known.get("aria-label")
        elif tag == "li":
            self.within = "li"

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _, _ in self.open):
            return
        if not self.is_silent and (tag in ENDS_WORDS or (tag == "a" and self.within == "a")):
            self.say_words()
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.heard += data

    def say_words(self) -> None:
        """What was heard since the last time, as what it stood in."""
        words = " ".join((self.label or self.heard).split())
        role, level = "words", HEADINGS.get(self.within, 0)
        if self.within in HEADINGS:
            role = "heading"
        elif self.within == "a":
            role = "link"
        elif self.within == "li":
            role = "list item"
        if re.search(r"\w", words) or role == "link":
            self.said.append(Utterance(role, words, self.language, level, self.is_link or role == "link"))
        self.heard, self.within, self.label, self.is_link = "", "", None, False

    def _say_picture(self, known: dict[str, str | None]) -> None:
        alt = known.get("alt")
        if alt == "" or known.get("role") == "presentation":
            return
        if self.heard.strip():
            self.say_words()
        self.said.append(Utterance("picture", " ".join((alt or "").split()), self.language))
