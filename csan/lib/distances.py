"""How far it is from one ZIP code to another, as the Postal Service reckons: from region to region.

A region is the first three digits. Its middle is that of its ZIP codes, which is near enough to tell zones apart.
"""

from collections import defaultdict
from functools import cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

EARTH = 3958.8  # miles


@cache
def _middles() -> dict[str, tuple[float, float]]:
    """By region: latitude and longitude. Military posts have none."""
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in zipcodes.list_all():  # type: ignore[no-untyped-call]  # it comes without types
        spot = float(each["lat"]), float(each["long"])
        if any(spot):
            found[str(each["zip_code"])[:3]].append(spot)
    return {
        region: (sum(lat for lat, _ in spots) / len(spots), sum(long for _, long in spots) / len(spots))
        for region, spots in found.items()
    }


def miles(one: str, other: str) -> float | None:
    """Between two ZIP codes in a straight line; None where one of them is unknown. Never raises."""
    here, there = _middles().get(one.strip()[:3]), _middles().get(other.strip()[:3])
    if here is None or there is None:
        return None
    lat, lat2 = radians(here[0]), radians(there[0])
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin(radians(there[1] - here[1]) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))
