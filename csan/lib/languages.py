"""Words and addresses in the reader's language, which the page's own address says: Spanish under `/es/` or English."""

from datetime import date

from django.conf import settings
from django.urls import translate_url
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

LOCALES = {"en": "en_US", "es": "es_US"}  # as Open Graph names them


class Said(str):
    """Words that know their language, so that a page can say so where it is not its own (WCAG 2.2, 3.1.2)."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, words: str, language: str) -> "Said":
        said = super().__new__(cls, words)
        said.language = language
        return said

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # `__new__` needs both
        return str(self), self.language


def in_language(english: str, spanish: str, language: str = "") -> Said:
    """The words in a language, the reader's where none is named; English where there are no others."""
    wanted = language or get_language()
    return Said(spanish, "es") if spanish and wanted == "es" else Said(english, "en")


def path_in_language(path: str) -> str:
    """A path of this site, written in English, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):  # the path was written in it, and is only understood in it
        return translate_url(path, language)


def twin(path: str, language: str) -> str:
    """This page's address in a language; also of a page that is not there, which says so in each language."""
    translated = translate_url(path, language)
    if translated != path or language == get_language():
        return translated
    is_english = language == settings.LANGUAGE_CODE
    return path.removeprefix(f"/{get_language()}") if is_english else f"/{language}{path}"


def day_span(first: date, last: date) -> str:
    """Days from one to another as people say them: December 13–19, 2026."""
    if (first.year, first.month) == (last.year, last.month):
        values = {"month": date_format(first, "F"), "first": first.day, "last": last.day, "year": first.year}
        return _("%(month)s %(first)s–%(last)s, %(year)s") % values
    return f"{date_format(first)} – {date_format(last)}"
