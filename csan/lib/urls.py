"""Absolute links for letters, where there is no request to take the host from."""

from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils import translation

IS_HTTPS = URLValidator(schemes=["https"])


def absolute(path: str) -> str:
    """`BASE_URL` and a path that begins with a slash."""
    return f"{settings.BASE_URL}{path}"


def absolute_reverse(name: str, *args: Any, language: str = "en") -> str:
    """The full address of a named page in the given language."""
    with translation.override(language):
        return absolute(reverse(name, args=args))
