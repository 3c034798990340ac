"""Which seat in Congress a page is about, as its address says it: AZ-03, AZ, or the candidates CA-30,CA-32.

It says nothing about a person, so the page can be kept by any cache and passed on.
"""

import re

from petitions import districts
from petitions.models import Signature

MOST = 8  # candidates; the ZIP code with the most lies in six districts
SHAPE = re.compile(rf"[A-Z]{{2}}|[A-Z]{{2}}-\d{{2}}(?:,[A-Z]{{2}}-\d{{2}}){{0,{MOST - 1}}}", re.ASCII)


def seat_of(signature: Signature) -> str:
    """The district of a signature; where it is not known the candidates, or else the state alone."""
    if district := district_of(signature):
        return district
    if signature.district_how == Signature.DistrictHow.SPLIT:
        return ",".join(districts.find(signature.zip_code).candidates[:MOST]) or signature.state
    return signature.state


def district_of(signature: Signature) -> str:
    """The district of a signature; empty where it is not known, or its state has been redrawn since it was told."""
    told = signature.district_congress
    holds = told is not None and districts.still_holds(district=signature.district, congress=told)
    return signature.district if holds else ""


def read(told: str) -> tuple[str, ...]:
    """The seats that an address names; none where it names nothing that could be one."""
    return tuple(dict.fromkeys(told.split(","))) if SHAPE.fullmatch(told) else ()
