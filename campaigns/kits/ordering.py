"""What to order from the printer: what all who registered will want or are owed, less what there is.

What was set aside already is not counted again.
"""

from collections import Counter
from dataclasses import dataclass

from campaigns.kits.planning import places_in_order, rules_of, wanted_by
from campaigns.models import Item, Owed, Registration, ShipTo, Wave, WeekOfAction


@dataclass(frozen=True)
class OrderLine:
    """An item of the list. `needed` is what is still to be set aside, `missing` what is not there for it."""

    item: Item
    needed: int
    on_hand: int
    places: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.on_hand)

    @property
    def packs(self) -> int:
        """How many whole packs hold what is missing."""
        return -(-self.missing // self.item.pack_size)

    @property
    def pieces(self) -> int:
        """How many pieces that is."""
        return self.packs * self.item.pack_size


def order_list(week: WeekOfAction) -> list[OrderLine]:
    """Every item that the week's rules name, also where there is enough of it."""
    settled = Wave.objects.filter(week=week, status__in=[Wave.Status.ALLOCATED, Wave.Status.FROZEN, Wave.Status.DONE])
    places = ShipTo.objects.filter(registration__week=week, registration__status__in=Registration.LIVING)
    rules = rules_of(week)
    wanted = wanted_by(places_in_order(places.exclude(waves__in=settled)), rules)
    needed: Counter[int] = Counter()
    for (_, item), each in wanted.items():
        needed[item] += each.amount
    owed = (
        Owed.objects.waiting()
        .filter(box__registration__week=week)
        .exclude(box__place__waves__status=Wave.Status.ALLOCATED)
    )
    for item, quantity in owed.values_list("item", "quantity"):
        needed[item] += quantity
    count = Counter(item for _, item in wanted)
    items = {rule.item_id: rule.item for rule in rules}
    lines = [OrderLine(item, needed[pk], item.on_hand, count[pk]) for pk, item in items.items()]
    return sorted(lines, key=lambda line: line.item.sku)
