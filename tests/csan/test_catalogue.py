"""The Spanish catalogue: every word of ours is in it, whole, and in one voice."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
PO = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

# What Django offers beyond Babel's own list.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HOLE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>")
# How friends address each other.
FAMILIAR = {
    "tú", "tu", "tus", "te", "ti", "contigo", "tuyo", "tuya", "vos", "vosotros", "vosotras", "vuestro", "vuestra",
    "os", "puedes", "tienes", "quieres",
}  # fmt: skip


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="es")


def translations() -> list[Message]:
    """What is translated, without the header."""
    return [message for message in catalogue() if message.id]


def sources() -> Iterator[str]:
    """The Python and the templates of everything but the staff site, as Python that Babel can read."""
    for package in ("csan", "members", "campaigns", "petitions"):
        for path in (ROOT / package).rglob("*.py"):
            if not is_for_staff(path):
                yield path.read_text()
    for path in (ROOT / "templates").rglob("*.*"):
        if not is_for_staff(path):
            # What templatize leaves of the words around is no Python as to its indentation.
            yield "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())


def is_for_staff(path: Path) -> bool:
    return bool({"admin", "admin.py"} & set(path.relative_to(ROOT).parts))


def extracted() -> Catalog:
    """What is marked for translation now."""
    found = Catalog()
    for code in sources():
        for _, words, _, context in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
            found.add(words, context=context)
    return found


def names(messages: Iterable[Message]) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in messages if message.id}


def forms(words: Any) -> tuple[str, ...]:
    """A message's words, one or several by number."""
    return (words,) if isinstance(words, str) else tuple(words)


def test_everything_that_is_marked_has_its_spanish_and_nothing_else_is_kept():
    marked, translated = names(extracted()), names(translations())

    assert sorted(map(str, marked - translated)) == []
    assert sorted(map(str, translated - marked)) == []


def test_no_translation_is_empty_or_a_guess():
    poor = [message.id for message in translations() if message.fuzzy or not all(forms(message.string))]

    assert poor == []


def test_each_translation_has_the_holes_and_the_markup_of_its_english():
    different = [
        message.id
        for message in translations()
        for spanish in forms(message.string)
        if sorted(HOLE.findall(spanish)) != sorted(HOLE.findall(forms(message.id)[-1]))
    ]

    assert different == []


def test_the_reader_is_usted_everywhere():
    familiar = [
        spanish
        for message in translations()
        for spanish in forms(message.string)
        if FAMILIAR & set(re.findall(r"\w+", spanish.lower()))
    ]

    assert familiar == []


def test_what_django_reads_is_what_the_catalogue_says():
    with MO.open("rb") as file:
        compiled = read_mo(file)

    assert {forms(each.id): forms(each.string) for each in translations()} == {
        forms(each.id): forms(each.string) for each in compiled if each.id
    }


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "Participa 1 local."), (2, "Participan 2 locales."), (1_000_000, "Participan 1000000 locales.")],
)
def test_one_and_many_are_told_apart(count, words):
    with translation.override("es"):
        found = ngettext("%(count)s local takes part.", "%(count)s locals take part.", count)

        assert found % {"count": count} == words
