"""Absolute links for letters, where there is no request to take the host from; and which paths are this site's."""

import re
from functools import cache
from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation

PLAIN = re.compile(r"[\w.:-]+", re.ASCII)
IS_HTTPS = URLValidator(schemes=["https"])


def absolute(path: str) -> str:
    """`BASE_URL` and a path that begins with a slash."""
    return f"{settings.BASE_URL}{path}"


def absolute_reverse(name: str, *args: Any, language: str = "en") -> str:
    """The full address of a named page in the given language."""
    return absolute(path_to(name, *args, language=language))


def path_to(name: str, *args: Any, language: str = "") -> str:
    """The path of a named page in the given language, or in the reader's.

    The shape of the address is worked out once, and filled with whatever needs no escaping.
    """
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    if all(type(each) is str and PLAIN.fullmatch(each) for each in args) and (
        shape := _shape(name, len(args), language)
    ):
        return shape.format(*args)
    with translation.override(language):
        return reverse(name, args=args)


@cache
def _shape(name: str, count: int, language: str) -> str:
    """The path with braces where its parts go; empty where it takes no words, but numbers."""
    marks = [f"part-{at}-here" for at in range(count)]
    try:
        with translation.override(language):
            path = reverse(name, args=marks)
    except NoReverseMatch:
        return ""
    for mark in marks:
        path = path.replace(mark, "{}")
    return path


def is_own_path(text: str, *, longest: int = 200) -> bool:
    """Whether a page of this site stands there, in the language of now: no query, no host, nothing that leads away."""
    if not text.startswith("/") or text.startswith("//") or len(text) > longest or not text.isprintable():
        return False
    if any(mark in text for mark in "?#\\"):
        return False
    try:
        resolve(text)
    except Resolver404:
        return False
    return True
