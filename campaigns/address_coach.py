"""Whether a parcel carrier can hand a box over at an address. Offline; what is unsure is asked, never refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.places import is_post_office_box
from csan.lib.cities import city_and_state

MILITARY_STATES = ("AA", "AE", "AP")
ROUTE = re.compile(r"\b(?:rr|hc|r\.r\.|rural\s+route|highway\s+contract)\s*#?\s*\d+", re.IGNORECASE)
PRIVATE_BOX = re.compile(r"\b(?:pmb|private\s+mail\s*box)\b", re.IGNORECASE)
MILITARY = re.compile(r"\b(?:apo|fpo|dpo)\b|\b(?:psc|cmr)\s+\d+", re.IGNORECASE)
UNSURE_BOX = re.compile(r"\b(?:drawer|pob|box)\s*#?\s*\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """`verdict` as in ShipTo.Verdict; `doubts` are codes of what made us ask."""

    verdict: str
    doubts: tuple[str, ...]


def _doubts(typed: Mapping[str, str]) -> list[str]:
    lines = [typed.get("address1", ""), typed.get("address2", "")]
    both = " ".join(lines)
    military = typed.get("state", "") in MILITARY_STATES or MILITARY.search(f"{both} {typed.get('city', '')}")
    found = [
        ("military", bool(military)),
        ("rural_route", bool(ROUTE.search(both))),
        ("private_box", bool(PRIVATE_BOX.search(both))),
    ]
    codes = [code for code, holds in found if holds]
    if any(is_post_office_box(line) for line in lines):
        return ["po_box", *codes]
    return codes or (["maybe_box"] if UNSURE_BOX.search(both) else [])


def judge(typed: Mapping[str, str]) -> Judgement:
    """What a postal clerk would say of the lines as typed. Never raises."""
    doubts = _doubts(typed)
    known = city_and_state(typed.get("zip_code", ""))
    if "military" not in doubts and known.rpartition(", ")[2] != typed.get("state", ""):
        doubts.append("zip_state" if known else "zip_unknown")
    if "po_box" in doubts:
        return Judgement("unsafe", tuple(doubts))
    return Judgement("ask" if doubts else "safe", tuple(doubts))
