"""How many business days a parcel is under way, by the zone it goes to.

The zones are the Postal Service's, by miles from where the parcel is handed over: 1 and 2 up to 150, 3 up to 300, 4 up
to 600, 5 up to 1,000, 6 up to 1,400, 7 up to 1,800, 8 beyond. The days are a cautious estimate of ours: UPS and FedEx
say of their ground services one to five business days within the contiguous states, and we add one to what is usual at
that distance. Beyond those states the carriers promise nothing firm; there we take what is long and still likely.
"""

from dataclasses import dataclass

from django.conf import settings

from csan.lib.distances import miles
from csan.lib.states import state_of

MAINLAND = (
    (150, "zones 1 and 2", 2),
    (300, "zone 3", 3),
    (600, "zone 4", 4),
    (1000, "zone 5", 4),
    (1400, "zone 6", 5),
    (1800, "zone 7", 6),
)
FARTHEST = ("zone 8", 6)
BEYOND = {
    "AK": ("Alaska", 8),
    "HI": ("Hawaii", 8),
    "PR": ("Puerto Rico", 8),
    "VI": ("U.S. Virgin Islands", 12),
    "GU": ("Guam", 12),
    "AS": ("American Samoa", 15),
    "MP": ("Northern Mariana Islands", 15),
    "AA": ("military post", 15),
    "AE": ("military post", 15),
    "AP": ("military post", 15),
}


@dataclass(frozen=True)
class Transit:
    """Where to, in words for staff, and how many business days it takes."""

    zone: str
    days: int


def transit(zip_code: str, state: str, *, origin: str | None = None) -> Transit:
    """To a ZIP code of a state, from where boxes are handed over. Where we do not know it, as far as the farthest."""
    origin = settings.SHIP_FROM_ZIP if origin is None else origin
    own = state_of(origin)
    for code in (state, own):
        if code in BEYOND and state != own:
            return Transit(*BEYOND[code])
    way = miles(origin, zip_code)
    if way is None:
        return Transit("zone unknown", FARTHEST[1])
    return next((Transit(zone, days) for most, zone, days in MAINLAND if way <= most), Transit(*FARTHEST))
