"""Who gets how many where there is too little for all: pure arithmetic, the same for everybody who asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaigns.models import Wave

Policy = Wave.Policy


@dataclass(frozen=True, slots=True)
class Want:
    """What one place wants of an item, and the least it can do with. Wants come in the order of registering."""

    amount: int
    least: int = 0


def share(wants: Sequence[Want], available: int, *, policy: str, unit: int = 1) -> list[int]:
    """How many each gets, want by want: never more than it wants, together never more than there is.

    Where there is enough everybody gets all. What comes in packs is given in whole packs of `unit`.
    """
    if sum(want.amount for want in wants) <= available:
        return [want.amount for want in wants]
    units = [Want(-(-want.amount // unit), -(-min(want.least, want.amount) // unit)) for want in wants]
    given = _WAYS[policy](units, max(available, 0) // unit)
    return [min(number * unit, want.amount) for number, want in zip(given, wants, strict=True)]


def _pro_rata(wants: Sequence[Want], available: int) -> list[int]:
    """The same share of what each wants; what is left over goes to those whose share was cut most, the first first."""
    whole = sum(want.amount for want in wants)
    if whole <= available:
        return [want.amount for want in wants]
    shares = [divmod(want.amount * available, whole) for want in wants]
    given = [share for share, _ in shares]
    by_cut = sorted(range(len(wants)), key=lambda at: (-shares[at][1], at))
    for at in by_cut[: available - sum(given)]:
        given[at] += 1
    return given


def _first_come(wants: Sequence[Want], available: int) -> list[int]:
    given = []
    for want in wants:
        given.append(min(want.amount, available))
        available -= given[-1]
    return given


def _minimum_first(wants: Sequence[Want], available: int) -> list[int]:
    """The least that its rule names for each place, or one; then the same share of the rest."""
    least = [Want(min(want.amount, max(want.least, 1))) for want in wants]
    first = _first_come(least, available)
    rest = [Want(want.amount - had) for want, had in zip(wants, first, strict=True)]
    more = _pro_rata(rest, available - sum(first))
    return [had + plus for had, plus in zip(first, more, strict=True)]


_WAYS: dict[str, Callable[[Sequence[Want], int], list[int]]] = {
    Policy.PRO_RATA: _pro_rata,
    Policy.FIRST_COME: _first_come,
    Policy.MINIMUM_FIRST: _minimum_first,
    Policy.BY_HAND: _pro_rata,  # what staff begin with
}
