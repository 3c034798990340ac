"""The Census Bureau's relation of ZIP code areas and districts, as it is published: a line a pair, parted by pipes."""

import re

from csan.lib.intake import BrokenLine

# The Congress stands in the heading, such as GEOID_CD119_20.
HEADING = re.compile(r"^GEOID_CD(\d{2,3})_20$")
ZIP_HEADING = "GEOID_ZCTA5_20"
AT_LARGE = "98"  # how the Census writes the one district of a delegate or resident commissioner
UNASSIGNED = "ZZ"  # water and such: no district

# Federal codes of states and territories (INCITS 38), as the Census numbers them.
STATES = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE", "11": "DC",
    "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA", "20": "KS", "21": "KY",
    "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO", "30": "MT",
    "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM", "36": "NY", "37": "NC", "38": "ND", "39": "OH",
    "40": "OK", "41": "OR", "42": "PA", "44": "RI", "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT",
    "50": "VT", "51": "VA", "53": "WA", "54": "WV", "55": "WI", "56": "WY", "60": "AS", "66": "GU", "69": "MP",
    "72": "PR", "78": "VI",
}  # fmt: skip


def congress_of(headings: list[str]) -> int | None:
    """The Congress whose lines the file has; None where it is not the Census Bureau's."""
    found = next((match for heading in headings if (match := HEADING.match(heading))), None)
    return int(found[1]) if found and ZIP_HEADING in headings else None


def seat_of(geoid: str) -> tuple[str, str] | None:
    """The state and number of a district's code such as 0639; None for what is no district. Raises BrokenLine."""
    if geoid.endswith(UNASSIGNED):
        return None
    if not re.fullmatch(r"\d{4}", geoid) or geoid[:2] not in STATES:
        raise BrokenLine(f"“{geoid}” is no district's code")
    number = geoid[2:]
    return STATES[geoid[:2]], "00" if number == AT_LARGE else number
