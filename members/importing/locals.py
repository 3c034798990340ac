"""The local that somebody's own words mean, out of the directory."""

import re
from collections.abc import Iterable

from django.db.models import Q

from members.models import Local

WRITTEN = re.compile(
    r"(?:(?P<affiliate>[A-Za-z]+(?:-[A-Za-z]+)*)\W+)??(?:local\W*)?(?:no\.?\s*|#\s*)?(?P<number>\d+)", re.I
)


class LocalFinder:
    """Looks all of a part's locals up in one query. A number that two affiliates share means neither."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = {text for text in texts if text}
        numbers = {match["number"] for text in said if (match := WRITTEN.fullmatch(text))}
        known = Local.objects.filter(Q(number__in=numbers) | Q(name__in=said)) if said else Local.objects.none()
        self._locals = list(known)

    def find(self, text: str) -> Local | None:
        """The one local that is meant; None where it is not in the directory or not clear."""
        if named := [local for local in self._locals if text in (local.name, str(local))]:
            return named[0] if len(named) == 1 else None
        match = WRITTEN.fullmatch(text)
        if not match:
            return None
        affiliate = (match["affiliate"] or "").lower()
        found = [
            local
            for local in self._locals
            if local.number == match["number"] and affiliate in ("", "local", local.affiliate.lower())
        ]
        return found[0] if len(found) == 1 else None
