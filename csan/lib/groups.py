"""Small groups hidden, so that no number in public points to a person: neither by itself nor by subtracting.

Cells under a threshold are left out (primary suppression). Who knows the total can subtract what is shown from it;
where that would tell the number of one of a few groups, the next smallest is left out too, so that the hidden ones
hide each other (complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST = 5  # people in a group that is shown

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Groups(Generic[K]):
    """What the public may see of counts: the groups that show their number, and how many people are in the others."""

    shown: dict[K, int]
    rest: int

    @property
    def told_rest(self) -> int | None:
        """The number of people in all others, where it may be told."""
        return None if 0 < self.rest < FEWEST else self.rest


def public_groups(
    counts: Mapping[K, int], *, places: int | None = None, outside: int = 0, fewest: int = FEWEST
) -> Groups[K]:
    """The groups with `fewest` people and more, without those that would give a hidden one away.

    `places` is how many groups there could be, also those that nobody is in. A small rest that may lie in `fewest`
    of them or more points to none; where `places` is not known, any small rest counts as telling. `outside` are
    people in the total who are in none of the groups: they hide among the rest.
    """
    shown = {key: count for key, count in counts.items() if count >= max(fewest, 1)}
    rest = sum(counts.values()) + outside - sum(shown.values())
    could_hide = (places or 0) - len(shown)
    if 0 < rest < fewest and could_hide < fewest and shown:
        smallest = min(shown, key=lambda key: shown[key])
        rest += shown.pop(smallest)
    return Groups(shown, rest)
