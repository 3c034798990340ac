"""The fifty states, the District and the five territories: whoever has somebody in Congress, if only a delegate.

Codes: USPS Publication 28, appendix B. The names that Spanish has words of its own for are translated.
"""

from functools import lru_cache

import zipcodes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": _("District of Columbia"), "FL": "Florida", "GA": "Georgia",
    "HI": _("Hawaii"), "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": _("Louisiana"), "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": _("Michigan"), "MN": "Minnesota", "MS": _("Mississippi"), "MO": _("Missouri"), "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": _("New Hampshire"), "NJ": _("New Jersey"), "NM": _("New Mexico"),
    "NY": _("New York"), "NC": _("North Carolina"), "ND": _("North Dakota"), "OH": "Ohio", "OK": "Oklahoma",
    "OR": _("Oregon"), "PA": _("Pennsylvania"), "RI": "Rhode Island", "SC": _("South Carolina"),
    "SD": _("South Dakota"), "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": _("West Virginia"), "WI": "Wisconsin", "WY": "Wyoming", "PR": "Puerto Rico",
    "VI": _("U.S. Virgin Islands"), "GU": "Guam", "AS": _("American Samoa"), "MP": _("Northern Mariana Islands"),
}  # fmt: skip


def name_of(code: str) -> str:
    """A state's name in the reader's language; empty for a code that is none."""
    return str(NAMES.get(code, ""))


@lru_cache(maxsize=50_000)  # more than there are ZIP codes; a crowd that signs comes from few of them
def _state_of_five(digits: str) -> str:
    found = zipcodes.matching(digits)  # type: ignore[no-untyped-call]  # it comes without types
    state = str(found[0]["state"]) if found else ""
    return state if state in NAMES else ""


@lru_cache(maxsize=60)
def zip_codes_of(state: str) -> tuple[str, ...]:
    """Every ZIP code of a state, of five digits."""
    found = zipcodes.filter_by(state=state)  # type: ignore[no-untyped-call]  # it comes without types
    return tuple(sorted({str(each["zip_code"])[:5] for each in found}))


def state_of(zip_code: str) -> str:
    """The two letters of a ZIP code's state, of five digits or of nine; empty where it is unknown, or a military post.

    Never raises: what people typed before there was a check stands in old rows. The first call in a process reads
    the table, which takes a third of a second.
    """
    digits = zip_code.strip()[:5]
    return _state_of_five(digits) if len(digits) == 5 and digits.isascii() and digits.isdecimal() else ""
