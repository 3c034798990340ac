"""Whether a parcel carrier can hand a box over at an address, and how the Postal Service would write it.

Offline and pure: what is unsure is asked about, never refused. Rules: USPS Publication 28 (October 2023), sections 24
(rural routes), 28 (post-office boxes), 213 (secondary units), 225 (military), 285 (private mailboxes), appendix C.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.entering.places import is_box_alone, is_post_office_box, names_post_office_box
from csan.lib.cities import city_and_state, names_of

MILITARY_STATES = ("AA", "AE", "AP")
ROUTE = re.compile(
    r"""
      \b (?: r\.?\s*r\.? | h\.?\s*c\.? | rt\.? | route ) \s* \#? \s* \d+ \s+ box
    | \b r\.?\s*r\.? \s* \#? \s* \d+ $
    | \b (?: rfd | star\s+route | rural\s+(?:route|delivery) | highway\s+contract ) \b
    | \b buz[oó]n \s* \#? \s* \d
    """,
    re.IGNORECASE | re.VERBOSE,
)
PRIVATE_BOX = re.compile(r"\b(?:pmb|private\s+mail\s*box|mail\s*box(?:es)?|ups\s+store)\b", re.I)
MILITARY = re.compile(r"\b(?:apo|fpo|dpo)\b|\b(?:psc|cmr)\s+\d+|\bunit\s+\d+\s+box\s+\d+", re.I)
BOX_OF_SOME_KIND = re.compile(r"\b(?:drawer|lockbox|caller(?:\s+service)?|bin|box)\s*#?\s*\d+", re.I)
GENERAL = re.compile(r"\bgeneral\s+delivery\b", re.I)
NUMBER = re.compile(r"\d|\bone\b", re.I)

REASONS: dict[str, str | Promise] = {
    "po_box": _("This looks like a PO box. Parcel carriers cannot deliver there."),
    "general_delivery": _("General delivery means a counter at the post office, where parcel carriers do not go."),
    "rural_route": _("A rural route or box number is hard for parcel carriers. Is there a street address?"),
    "private_box": _("This looks like a mailbox at a store. Please check that it takes parcels."),
    "military": _("Military addresses get mail only by the Postal Service, which takes longer."),
    "maybe_box": _("This may be a box for mail. Can a driver hand over a parcel there?"),
    "no_number": _("There is no house number. Will a driver find it?"),
    "zip_unknown": _("We do not know this ZIP code. Please look at it once more."),
    "zip_state": _("This ZIP code lies in another state."),
    "zip_city": _("The Postal Service has another city for this ZIP code."),
}
UNSAFE = ("po_box", "general_delivery")

DIRECTIONS = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE",
    "SOUTHWEST": "SW",
}  # fmt: skip
# Appendix C1 and C2, as far as halls and offices have them.
SHORT = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN",
    "COURT": "CT", "PLACE": "PL", "PLAZA": "PLZ", "SQUARE": "SQ", "TERRACE": "TER", "PARKWAY": "PKWY",
    "HIGHWAY": "HWY", "CIRCLE": "CIR", "TRAIL": "TRL", "TURNPIKE": "TPKE", "EXPRESSWAY": "EXPY", "CENTER": "CTR",
    "CROSSING": "XING", "HEIGHTS": "HTS",
}  # fmt: skip
UNITS = {
    "SUITE": "STE", "FLOOR": "FL", "APARTMENT": "APT", "BUILDING": "BLDG", "ROOM": "RM", "DEPARTMENT": "DEPT",
    "LOWER": "LOWR", "UPPER": "UPPR", "BASEMENT": "BSMT", "PENTHOUSE": "PH",
}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """`verdict` as in ShipTo.Verdict; `doubts` are keys of REASONS; `standard` are the lines by Publication 28.

    `standard` is empty where we are not sure how it would be written, or where it says what was typed.
    """

    verdict: str
    doubts: tuple[str, ...] = ()
    standard: dict[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str | Promise]:
        """What to ask, in words."""
        return [REASONS[code] for code in self.doubts]


def judge(typed: Mapping[str, str]) -> Judgement:
    """What a postal clerk would say of address1, address2, city, state and zip_code as typed. Never raises."""
    doubts = [*_about_lines(typed), *_about_town(typed)]
    if any(code in UNSAFE for code in doubts):
        return Judgement("unsafe", tuple(doubts))
    standard = {} if set(doubts) - {"zip_city"} else _standard(typed)
    return Judgement("ask" if doubts else "safe", tuple(doubts), standard)


def refused_line(typed: Mapping[str, str]) -> str:
    """Which line is a post-office box for sure, `address1` or `address2`; nothing where none is.

    "Box 152" under "RR 2" is the mailbox of a farm, and under a street it is asked about.
    """
    if "po_box" not in _about_lines(typed):
        return ""
    return "address2" if names_post_office_box(typed.get("address2", "")) else "address1"


def _about_lines(typed: Mapping[str, str]) -> list[str]:
    first, second = typed.get("address1", ""), typed.get("address2", "")
    both = f"{first} {second}".strip()
    if names_post_office_box(both):
        return ["po_box"]
    if ROUTE.search(both):
        return ["rural_route"]
    if GENERAL.search(both):
        return ["general_delivery"]
    if _is_military(typed):
        return ["military"]
    if is_post_office_box(first) or (is_box_alone(second) and not NUMBER.search(first)):
        return ["po_box"]
    if PRIVATE_BOX.search(both):
        return ["private_box"]
    if BOX_OF_SOME_KIND.search(both):
        return ["maybe_box"]
    return [] if NUMBER.search(both) else ["no_number"]


def _is_military(typed: Mapping[str, str]) -> bool:
    words = " ".join(typed.get(name, "") for name in ("address1", "address2", "city"))
    return typed.get("state", "") in MILITARY_STATES or MILITARY.search(words) is not None


def _about_town(typed: Mapping[str, str]) -> list[str]:
    if _is_military(typed):
        return []
    zip_code, state = typed.get("zip_code", ""), typed.get("state", "")
    known = city_and_state(zip_code)
    if not known:
        return ["zip_unknown"]
    if known.rpartition(", ")[2] != state:
        return ["zip_state"]
    return [] if _plain(typed.get("city", "")) in {_plain(name) for name in names_of(zip_code)} else ["zip_city"]


def _plain(name: str) -> str:
    """A city's name as it is compared: "St. Paul" is "SAINT PAUL"."""
    words = re.sub(r"[^A-Z ]", "", name.upper().replace("-", " ")).split()
    longer = {"ST": "SAINT", "STE": "SAINTE", "FT": "FORT", "MT": "MOUNT", "N": "NORTH", "S": "SOUTH"}
    return " ".join(longer.get(word, word) for word in words)


def _standard(typed: Mapping[str, str]) -> dict[str, str]:
    """The lines in capitals, without points and commas, with the short forms."""
    zip_code = typed.get("zip_code", "")
    city = _plain(typed.get("city", ""))
    if city not in {_plain(name) for name in names_of(zip_code)}:
        city = city_and_state(zip_code).rpartition(", ")[0].upper()
    else:
        city = re.sub(r"[.,]", "", typed.get("city", "")).upper()
    found = {
        "address1": _line(typed.get("address1", "")),
        "address2": _line(typed.get("address2", "")),
        "city": city,
        "state": typed.get("state", ""),
        "zip_code": zip_code,
    }
    return {} if all(found[name].upper() == typed.get(name, "").upper() for name in found) else found


def _line(text: str) -> str:
    words = re.sub(r"\s+", " ", re.sub(r"[,;]", " ", text.upper().replace(".", ""))).strip().split(" ")
    last = len(words) - 1
    return " ".join(_word(word, at, last, words) for at, word in enumerate(words))


def _word(word: str, at: int, last: int, words: list[str]) -> str:
    """A word's short form, where it is no name: "Avenue Road" is AVENUE RD, "North Street" is NORTH ST."""
    if word in UNITS:
        return UNITS[word]
    ends = at == last or words[at + 1] in DIRECTIONS or words[at + 1] in DIRECTIONS.values() or words[at + 1] in UNITS
    ends = ends or words[at + 1] in UNITS.values() or words[at + 1].startswith("#")
    if word in SHORT and ends and at > 0:
        return SHORT[word]
    if word in DIRECTIONS and at > 0:
        is_name = at < last and words[at + 1] in (*SHORT, *SHORT.values())
        return word if is_name else DIRECTIONS[word]
    return word
