"""The city of a ZIP code, as the Postal Service calls it, and the ZIP codes of a city."""

from functools import lru_cache

import zipcodes

from csan.lib.states import NAMES


@lru_cache(maxsize=5000)
def city_of(zip_code: str) -> str:
    """Such as "Phoenix, AZ"; empty where there is none that we know. Never raises."""
    digits = zip_code.strip()[:5]
    if len(digits) != 5 or not (digits.isascii() and digits.isdecimal()):
        return ""
    found = zipcodes.matching(digits)  # type: ignore[no-untyped-call]  # it comes without types
    if not found or found[0]["state"] not in NAMES:
        return ""
    return f"{found[0]['city']}, {found[0]['state']}"


@lru_cache(maxsize=5000)
def zip_codes_of_city(city: str) -> tuple[str, ...]:
    """Every ZIP code, of five digits, of a city as `city_of` writes it."""
    name, _, state = city.rpartition(", ")
    found = zipcodes.filter_by(city=name, state=state)  # type: ignore[no-untyped-call]  # it comes without types
    return tuple(sorted({str(each["zip_code"])[:5] for each in found}))
