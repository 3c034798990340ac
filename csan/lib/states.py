"""The fifty states, the District and the five territories: whoever has somebody in Congress, if only a delegate.

Codes: USPS Publication 28, appendix B. Names of states are the same in every language; what is not only a name is
translated.
"""

from functools import lru_cache

import zipcodes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "VI": _("U.S. Virgin Islands"), "GU": "Guam", "AS": _("American Samoa"),
    "MP": _("Northern Mariana Islands"),
}  # fmt: skip


def name_of(code: str) -> str:
    """A state's name in the reader's language; empty for a code that is none."""
    return str(NAMES.get(code, ""))


@lru_cache(maxsize=50_000)  # more than there are ZIP codes; a crowd that signs comes from few of them
def _state_of_five(digits: str) -> str:
    found = zipcodes.matching(digits)  # type: ignore[no-untyped-call]  # it comes without types
    state = str(found[0]["state"]) if found else ""
    return state if state in NAMES else ""


def state_of(zip_code: str) -> str:
    """The two letters of a ZIP code's state, of five digits or of nine; empty where it is unknown, or a military post.

    Never raises: what people typed before there was a check stands in old rows. The first call in a process reads
    the table, which takes a third of a second.
    """
    digits = zip_code.strip()[:5]
    return _state_of_five(digits) if len(digits) == 5 and digits.isascii() and digits.isdecimal() else ""
