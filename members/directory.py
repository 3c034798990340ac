"""Which local people mean by what they write: only one that the directory leaves no doubt about."""

import re

from django.db.models import Q

from members.models import Local

# “CWA Local 1101”, “Local 1101”, “cwa 1101”, “1101”.
WRITTEN = re.compile(
    r"(?:(?P<affiliate>[a-z][a-z-]*)\s+)??(?:local\s*)?(?:no\.?\s*|#\s*)?(?P<number>\w*\d[\w-]*)", re.I
)

MOST_SUGGESTED = 300  # names, some 3 kB as they travel; more would weigh on every first visit


def suggestions() -> list[Local]:
    """Every local, to be suggested to whoever types theirs; none where there are too many for a page."""
    found = list(Local.objects.order_by("affiliate", "number")[: MOST_SUGGESTED + 1])
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
