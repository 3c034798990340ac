"""Absolute links for letters, where there is no request to take the host from; and which paths are this site's."""

from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

IS_HTTPS = URLValidator(schemes=["https"])


def absolute(path: str) -> str:
    """`BASE_URL` and a path that begins with a slash."""
    return f"{settings.BASE_URL}{path}"


def absolute_reverse(name: str, *args: Any, language: str = "en") -> str:
    """The full address of a named page in the given language."""
    with translation.override(language):
        return absolute(reverse(name, args=args))


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
