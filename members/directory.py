"""Which local people mean by what they write: the one that the directory leaves no doubt about, else a few to choose.

A local that somebody typed by hand has no district and no state until staff find it; such a row is nobody's to see.
"""

import re

from django.db.models import Case, Q, QuerySet, When

from members.models import Local

# “CWA Local 1101”, “Local 1101”, “cwa 1101”, “1101”.
WRITTEN = re.compile(
    r"(?:(?P<affiliate>[a-z][a-z-]*)\s+)??(?:local\s*)?(?:no\.?\s*|#\s*)?(?P<number>\w*\d[\w-]*)", re.I
)

# The union's districts by state; a list that says otherwise is right.
DISTRICTS = {
    "1": "CT MA ME NH NJ NY RI VT", "2-13": "DE DC MD PA VA WV", "3": "AL FL GA KY LA MS NC SC TN PR VI",
    "4": "IL IN MI OH WI", "6": "AR KS MO OK TX", "7": "AK AZ CO IA ID MN MT ND NE NM OR SD UT WA WY",
    "9": "CA HI NV GU",
}  # fmt: skip
DISTRICT_OF = {state: district for district, states in DISTRICTS.items() for state in states.split()}
WITHOUT_DISTRICT = ("AFA-CWA",)

MOST_SUGGESTED = 300  # names, some 3 kB as they travel; more would weigh on every first visit


def suggestions() -> list[Local]:
    """Every known local, to be suggested to whoever types theirs; none where there are too many for a page."""
    found = list(known().order_by("affiliate", "number")[: MOST_SUGGESTED + 1])
    return found if len(found) <= MOST_SUGGESTED else []


def local_named(written: str) -> Local | None:
    """The one local that goes by this name or number; None where there is none, or more than one."""
    text = " ".join(written.split())
    if not text:
        return None
    names = Q(name__iexact=text)
    if found := WRITTEN.fullmatch(text):
        number = Q(number__iexact=found["number"])
        names |= number & Q(affiliate__iexact=found["affiliate"]) if found["affiliate"] else number
    locals_ = list(Local.objects.filter(names)[:2])
    return locals_[0] if len(locals_) == 1 else None


def known() -> QuerySet[Local]:
    """The locals that the directory is about."""
    return Local.objects.exclude(district="", state="")


def locals_like(written: str, *, most: int) -> list[Local]:
    """A few that may be meant by a number, a city ("Salisbury, MD") or a part of a name; the likeliest first."""
    text = " ".join(written.split())
    if len(text) < 2:
        return []
    city, _comma, state = (part.strip() for part in text.partition(","))
    in_state = Q(state__iexact=state) if len(state) == 2 else Q()
    number = found["number"] if (found := WRITTEN.fullmatch(text)) else text
    ways = [
        Q(number__iexact=number),
        Q(name__iexact=text) | Q(city__iexact=city) & in_state,
        Q(number__istartswith=number) | Q(city__istartswith=city) & in_state,
        Q(name__icontains=text),
    ]
    rows = known().filter(ways[0] | ways[1] | ways[2] | ways[3])
    likeliest = Case(*(When(way, then=at) for at, way in enumerate(ways)), default=len(ways))
    return list(rows.order_by(likeliest, "affiliate", "number")[:most])


def district_of(*, local: Local | None, affiliate: str, state: str) -> str:
    """The union's district: the local's own, else its state's, else that of this state. Some sectors have none."""
    if local and local.district:
        return local.district
    if affiliate in WITHOUT_DISTRICT:
        return ""
    return DISTRICT_OF.get((local.state if local else "") or state, "")
