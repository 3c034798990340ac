"""On which days of the week a place takes parcels, read from what its officer wrote about receiving hours."""

import re

WEEKDAYS = frozenset(range(5))  # Monday is 0
NAMES = (
    r"mon(?:days?)?|lun(?:es)?", r"tues?(?:days?)?|mar(?:tes)?", r"wed(?:nesdays?)?|mi[eé](?:rcoles)?",
    r"thu(?:rs?)?(?:days?)?|jue(?:ves)?", r"fri(?:days?)?|vie(?:rnes)?", r"sat(?:urdays?)?|s[aá]b(?:ados?)?",
    r"sun(?:days?)?|dom(?:ingos?)?",
)  # fmt: skip
DAY = rf"(?:{'|'.join(NAMES)})"
SPAN = re.compile(rf"\b({DAY})\b\.?\s*(?:-|–|to|through|thru|a|al)\s*(?:el\s+)?({DAY})\b", re.IGNORECASE)
SINGLE = re.compile(rf"\b({DAY})\b", re.IGNORECASE)
CLOSED = re.compile(rf"\b(?:not?|never|except|closed|excepto|menos|cerrad[oa])\b[^.;]*\b{DAY}\b", re.IGNORECASE)


def days_of(hours: str) -> frozenset[int]:
    """The weekdays that are named, Saturdays and Sundays left out; all five where none is, or we cannot be sure."""
    if CLOSED.search(hours):
        return WEEKDAYS
    found: set[int] = set()
    for span in SPAN.finditer(hours):
        first, last = _number(span[1]), _number(span[2])
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    found |= {_number(single[1]) for single in SINGLE.finditer(SPAN.sub(" ", hours))}
    return frozenset(found) & WEEKDAYS or WEEKDAYS


def _number(name: str) -> int:
    return next(number for number, names in enumerate(NAMES) if re.fullmatch(names, name, re.IGNORECASE))
