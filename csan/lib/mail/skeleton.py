"""A letter that thousands get, as ready bytes with holes.

Building a message with Python's e-mail package costs 0.6 ms, filling a prebuilt one 0.003 ms. The letter is built
once, with a token of plain letters at each place that differs; the bytes are cut at the tokens and joined again
for each person.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate

from csan.lib.mail.letter import Letter

TOKEN = re.compile(rb"CSANhole([a-z]+)END")
TEXT_TOKEN = re.compile(TOKEN.pattern.decode())


class BrokenSkeleton(ValueError):
    """A token did not survive the building of the letter; nothing may be sent from it."""


def hole(name: str) -> str:
    """The token to write where each person's own `name` will stand."""
    return f"CSANhole{name}END"


RECIPIENT = f"{hole('recipient')}@recipient.invalid"
REFERENCE = hole("reference")


@dataclass(frozen=True)
class Skeleton:
    """The letter cut at its holes: text, name of a hole, text, name, …, text."""

    parts: tuple[bytes, ...]

    @classmethod
    def of(cls, letter: Letter, *, holes: set[str]) -> "Skeleton":
        """Cut a letter whose `to` is RECIPIENT and whose `reference` is REFERENCE.

        `holes` names what its words and headers leave open. Raises BrokenSkeleton where one is missing.
        """
        data = letter.as_bytes().replace(RECIPIENT.encode(), hole("recipient").encode())
        data = re.sub(rb"(?m)^Date: .*$", f"Date: {hole('date')}\r".encode(), data, count=1)
        parts = tuple(TOKEN.split(data))
        found = Counter(name.decode() for name in parts[1::2])
        written = "\n".join([letter.text, letter.html, *letter.headers.values()])
        wanted = Counter(name.decode() for name in TOKEN.findall(written.encode()))
        if set(wanted) != holes or any(found[name] != wanted[name] for name in holes):
            raise BrokenSkeleton("a line is too long for mail; is there a link of more than 900 characters?")
        if set(found) != holes | {"recipient", "reference", "date"}:
            raise BrokenSkeleton(f"places found: {sorted(found)}")
        return cls(parts)

    def fill(self, *, to: str, reference: str, values: Mapping[str, str]) -> bytes:
        """The letter for one person, ready for the wire. Raises KeyError for a hole without a value."""
        if any(character in to for character in "\r\n<>, "):
            raise ValueError("A letter has exactly one recipient")
        every = {"recipient": to, "reference": reference, "date": formatdate(), **values}
        filled = list(self.parts)
        for at in range(1, len(filled), 2):
            filled[at] = every[filled[at].decode()].encode()
        return b"".join(filled)


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """The same for a part of a letter, for services that take parts instead of bytes."""
    return TEXT_TOKEN.sub(lambda match: values[match[1]], text)
