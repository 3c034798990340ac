"""Legislators as other files name them: by their Bioguide number."""

import re

from petitions.models import Legislator

IS_BIOGUIDE = re.compile(r"[A-Z]\d{6}", re.ASCII)


def is_bioguide(text: str) -> bool:
    """Whether it is written like one, such as S001203."""
    return IS_BIOGUIDE.fullmatch(text) is not None


def numbers_of_legislators() -> dict[str, int]:
    """The key of each legislator's row by their Bioguide number."""
    return dict(Legislator.objects.values_list("bioguide", "pk"))
