"""The city of a ZIP code, as the Postal Service calls it, and the ZIP codes of a city."""

from functools import lru_cache
from typing import Any

import zipcodes

from csan.lib.states import NAMES


def _rows(zip_code: str) -> list[dict[str, Any]]:
    """What is known of its first five digits; nothing where they are none."""
    digits = zip_code.strip()[:5]
    if len(digits) != 5 or not digits.isascii() or not digits.isdecimal():
        return []
    return list(zipcodes.matching(digits))  # type: ignore[no-untyped-call]  # it comes without types


@lru_cache(maxsize=50_000)  # more than there are ZIP codes
def _place(zip_code: str) -> tuple[str, str]:
    found = _rows(zip_code)
    return (str(found[0]["city"]), str(found[0]["state"])) if found else ("", "")


@lru_cache(maxsize=10_000)
def names_of(zip_code: str) -> frozenset[str]:
    """Every city that mail to these five digits may name, in capitals; none where the ZIP code is unknown."""
    names = (name for each in _rows(zip_code) for name in (each["city"], *each.get("acceptable_cities", ())))
    return frozenset(name.upper() for name in names)


def city_of(zip_code: str) -> str:
    """Such as "Phoenix", for five digits or nine; empty where the ZIP code is unknown. Never raises."""
    return _place(zip_code)[0]


def city_and_state(zip_code: str) -> str:
    """Such as "Phoenix, AZ"; empty where there is none that we know, or at a military post. Never raises."""
    city, state = _place(zip_code)
    return f"{city}, {state}" if state in NAMES else ""


@lru_cache(maxsize=5000)
def zip_codes_of_city(place: str) -> tuple[str, ...]:
    """Every ZIP code, of five digits, of a city as `city_and_state` writes it."""
    name, _, state = place.rpartition(", ")
    found = zipcodes.filter_by(city=name, state=state)  # type: ignore[no-untyped-call]  # it comes without types
    return tuple(sorted({str(each["zip_code"])[:5] for each in found}))
