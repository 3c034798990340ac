"""How many of an item a place gets by the rules of its week, and the reckoning in words, as staff would say it."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import KitRule, ShipTo

Kind = KitRule.Kind


@dataclass(frozen=True)
class Served:
    """What a rule looks at: how many members a place serves, and whose they are."""

    members: int
    district: str = ""
    is_main: bool = True
    tasks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many pieces, and why. `least` is how many of them a place cannot do without; `unit` is what comes in one."""

    amount: int
    reason: str
    least: int = 0
    unit: int = 1


def served_by(places: Iterable[ShipTo], tasks: frozenset[int]) -> dict[int, Served]:
    """What each of all the places of one registration serves, by their numbers. `tasks` it has pledged, by numbers.

    A place that says no number serves the members that no other one does; of several such, the first.
    """
    rows = sorted(places, key=lambda place: place.position)
    if not rows:
        return {}
    registration = rows[0].registration
    rest = max(0, registration.members_count - sum(place.members_count or 0 for place in rows))
    found = {}
    for place in rows:
        members = place.members_count
        if members is None:
            members, rest = rest, 0
        found[place.pk] = Served(members, registration.home_district, place.position == 1, tasks)
    return found


def applies(rule: KitRule, served: Served) -> bool:
    """Whether the rule is for this place at all."""
    if rule.districts and served.district not in {part.strip() for part in rule.districts.split(",")}:
        return False
    if rule.task_id and rule.task_id not in served.tasks:
        return False
    return rule.kind != Kind.PER_LOCAL or served.is_main


def quantity(rule: KitRule, served: Served) -> Quantity | None:
    """How many pieces by one rule, and why: “143 members + 5 % = 151 → 16 packs of 10”. None where it is not meant."""
    if not applies(rule, served):
        return None
    amount, words = _base(rule, served)
    if rule.over_percent:
        amount = -(-amount * (100 + rule.over_percent) // 100)
        words = f"{words} + {rule.over_percent} % = {amount}"
    if amount < rule.minimum:
        amount, words = rule.minimum, f"{words}, at least {rule.minimum}"
    if rule.maximum is not None and amount > rule.maximum:
        amount, words = rule.maximum, f"{words}, at most {rule.maximum}"
    pack = rule.item.pack_size
    if not rule.rounds_to_pack or pack == 1:
        return Quantity(amount, words, least=min(rule.minimum, amount))
    packs = _packs(rule, amount, pack)
    if packs is None:
        return Quantity(amount, f"{words}; whole packs of {pack} would be more than the most", least=rule.minimum)
    least = min(-(-rule.minimum // pack), packs) * pack
    named = f"{packs} pack of {pack}" if packs == 1 else f"{packs} packs of {pack}"
    return Quantity(packs * pack, f"{words} → {named}", least=least, unit=pack)


def together(quantities: Iterable[Quantity]) -> Quantity | None:
    """What several rules for one item come to. They add up; None where none applies."""
    rows = list(quantities)
    if not rows:
        return None
    return Quantity(
        sum(each.amount for each in rows),
        " and ".join(each.reason for each in rows)[:300],
        least=sum(each.least for each in rows),
        unit=rows[0].unit if len({each.unit for each in rows}) == 1 else 1,
    )


def _base(rule: KitRule, served: Served) -> tuple[int, str]:
    members = f"{served.members:,} member" if served.members == 1 else f"{served.members:,} members"
    match rule.kind:
        case Kind.PER_MEMBER:
            amount = served.members * rule.amount
            return amount, members if rule.amount == 1 else f"{members} × {rule.amount} = {amount:,}"
        case Kind.ONE_PER:
            amount = -(-served.members // rule.amount)
            return amount, f"{members}, 1 for every {rule.amount} = {amount:,}"
        case Kind.PER_LOCAL:
            return rule.amount, f"{rule.amount} for the local"
    return rule.amount, f"{rule.amount} for the place"


def _packs(rule: KitRule, amount: int, pack: int) -> int | None:
    """Rounded up; down where that would be more than the most; None where neither keeps to the rule."""
    packs = -(-amount // pack)
    if rule.maximum is not None and packs * pack > rule.maximum:
        packs = rule.maximum // pack
        if packs * pack < max(rule.minimum, 1):
            return None
    return packs
