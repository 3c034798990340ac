"""Words and addresses in the reader's language, which the page's own address says: Spanish under `/es/` or English."""

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, override

LOCALES = {"en": "en_US", "es": "es_US"}  # as Open Graph names them


def in_language(english: str, spanish: str) -> str:
    """The words in the reader's language, English where there are no others."""
    return spanish if spanish and get_language() == "es" else english


def path_in_language(path: str) -> str:
    """A path of this site, written in English, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):  # the path was written in it, and is only understood in it
        return translate_url(path, language)
