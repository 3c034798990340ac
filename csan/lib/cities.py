"""The city of a ZIP code, as the Postal Service calls it."""

from functools import lru_cache

import zipcodes


@lru_cache(maxsize=50_000)
def _city_of_five(digits: str) -> str:
    found = zipcodes.matching(digits)  # type: ignore[no-untyped-call]  # it comes without types
    return str(found[0]["city"]) if found else ""


def city_of(zip_code: str) -> str:
    """Of five digits or of nine; empty where the ZIP code is unknown. Never raises."""
    digits = zip_code.strip()[:5]
    return _city_of_five(digits) if len(digits) == 5 and digits.isascii() and digits.isdecimal() else ""
