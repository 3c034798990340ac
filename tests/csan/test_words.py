"""The English of the site is plain: an eighth-grader reads it. Measured by Flesch and Kincaid's grade, page by page.

The grade is 0.39 × words a sentence + 11.8 × syllables a word - 15.59. As Rudolf Flesch counted, a sentence also ends
at a colon or a semicolon; here it ends with its paragraph and its list item too. Syllables are counted as American
English is hyphenated, which lets no letter stand alone: a few words come out one short ("about", "idea").
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.apps import apps
from django.db import models
from django.utils.translation.template import templatize
from pyphen import Pyphen

from csan import sample

ROOT = Path(__file__).resolve().parent.parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}
HIGHEST_GRADE = 8
LONG = 40  # characters; what is shorter is a label or a heading
FEWEST_WORDS = 25  # of a page; fewer have no grade worth the name
HARDEST_SHOWN = 5
APPS = ("members", "campaigns", "petitions")
NAMES_OF_LAWS = {"petitions.measure.title"}  # Congress wrote them
LISTS = {"campaigns.weekofaction.box_contents"}  # one thing a line
SYLLABLES = Pyphen(lang="en_US")
# The places of facts are read as a short word, tags and addresses not at all.
HOLE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"<[^>]+>|\]\([^)]*\)|[*_\[\]#>`]|https?://\S+")
ABBREVIATION = re.compile(r"\b(?:[A-Z]\.){2,}|\b(?:No|St|Mr|Ms|Dr)\.")
END = re.compile(r"[.!?:;…]+(?=[\s”\")’]|$)|\n\s*(?:\n|-|\d+\.)")
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|\d[\d,.]*")


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence."""
    plain = ABBREVIATION.sub(lambda found: found[0].replace(".", ""), MARKUP.sub("", HOLE.sub("Ann", text)))
    return [words for part in END.split(plain) if (words := WORD.findall(part))]


def syllables(word: str) -> int:
    """A number counts as one, however it is spoken."""
    return sum(SYLLABLES.inserted(part).count("-") + 1 for part in re.split(r"[-’']", word) if part) or 1


def grade(found: list[list[str]]) -> float:
    """The school year that sentences ask for."""
    words = [word for sentence in found for word in sentence]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def too_hard(texts: dict[str, list[str]]) -> list[str]:
    """Each page whose words ask for more, with its hardest sentences."""
    told = []
    for page, parts in sorted(texts.items()):
        found = [sentence for part in parts for sentence in sentences(part)]
        if sum(map(len, found)) < FEWEST_WORDS or (reached := grade(found)) <= HIGHEST_GRADE:
            continue
        hardest = sorted((sentence for sentence in found if len(sentence) > 5), key=lambda each: -grade([each]))
        lines = [f"    {grade([sentence]):.1f}  {' '.join(sentence)}" for sentence in hardest[:HARDEST_SHOWN]]
        told.append("\n".join([f"{page}: grade {reached:.1f}", *lines]))
    return told


def public_files() -> Iterator[tuple[Path, str]]:
    """The templates of pages and letters, and the code that speaks to visitors, as Python that Babel can read."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if "admin" not in path.relative_to(ROOT).parts:
            yield path, "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())
    for package in ("csan", *APPS):
        for name in ("forms.py", "views.py"):
            for path in sorted((ROOT / package).rglob(name)):
                yield path, path.read_text()


def marked(code: str) -> Iterable[str]:
    """The long texts that are marked for translation."""
    for _, words, _, _ in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
        yield from (text for text in (words if isinstance(words, tuple) else (words,)) if text and len(text) > LONG)


def test_the_words_of_each_page_and_letter_are_plain():
    texts = {str(path.relative_to(ROOT)): list(marked(code)) for path, code in public_files()}
    hard = too_hard(texts)
    assert sum(bool(parts) for parts in texts.values()) > 20
    assert not hard, "\n".join(hard)


@pytest.mark.django_db
def test_the_words_of_the_sample_are_plain():
    sample.load()
    texts: dict[str, list[str]] = {}
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                name = f"{model._meta.label_lower}.{field.name}"
                if not is_prose(field) or name in NAMES_OF_LAWS:
                    continue
                found = model._base_manager.values_list(field.name, flat=True).distinct()
                between = "\n\n" if name in LISTS else "\n"
                texts[name] = [text.replace("\n", between) for text in found if text and len(text) > LONG]
    hard = too_hard(texts)
    assert sum(bool(parts) for parts in texts.values()) > 5
    assert not hard, "\n".join(hard)


def is_prose(field: models.Field) -> bool:
    """Whether a column holds English sentences that visitors read."""
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.URLField)
    return is_text and not field.choices and not field.name.endswith("_es")


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("The cat sat on the mat. It was fat.", -3, 1),
        ("We send your local a box of materials for its members.", 2, 7),
        (
            "Notwithstanding contradictory administrative determinations, participating organizations "
            "necessarily anticipate considerable communication difficulties.",
            20,
            50,
        ),
    ],
)
def test_the_grade_rises_with_long_words_and_sentences(text, lowest, highest):
    assert lowest <= grade(sentences(text)) <= highest


def test_a_page_with_hard_words_is_told_with_its_hardest_sentence():
    hard = "Participating organizations necessarily anticipate considerable communication difficulties, " * 5
    assert "necessarily" in too_hard({"a page": [hard], "another": ["We met. " * 20]})[0]
