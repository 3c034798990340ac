"""What a wave's places would get: by the rules of the week, by what there is, and by a policy where that is too
little.

Nothing is written here, so staff may ask what would be if a rule or the stock were another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.kits import owing, quantities
from campaigns.kits.quantities import Quantity
from campaigns.kits.sharing import Want, share
from campaigns.models import Item, KitRule, Registration, ShipTo, Wave, WeekOfAction

LOOKED_AT = (
    "label", "city", "state", "position", "members_count", "registration__members_count",
    "registration__local__affiliate", "registration__local__number", "registration__local__district",
    "registration__district",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What a place would get of an item, beside what the rules ask for, and why."""

    place: ShipTo
    item: Item
    wanted: int
    given: int
    reason: str


@dataclass(frozen=True)
class Total:
    """An item over all places. `on_hand` is what there is of it, or would be."""

    item: Item
    wanted: int
    given: int
    on_hand: int

    @property
    def missing(self) -> int:
        """How many there are too few."""
        return max(0, self.wanted - self.on_hand)


@dataclass(frozen=True)
class Plan:
    """The whole of it."""

    lines: list[Line]
    totals: list[Total]

    @property
    def shortages(self) -> list[Total]:
        """The items there are too few of."""
        return [total for total in self.totals if total.missing]

    @property
    def by_place(self) -> dict[int, dict[int, Line]]:
        """The lines by the numbers of place and item."""
        found: defaultdict[int, dict[int, Line]] = defaultdict(dict)
        for line in self.lines:
            found[line.place.pk][line.item.pk] = line
        return dict(found)


def rules_of(week: WeekOfAction) -> list[KitRule]:
    """The week's rules for items that are still packed."""
    return list(week.kit_rules.filter(item__is_retired=False).select_related("item").order_by("item_id", "pk"))


def plan(
    wave: Wave,
    *,
    policy: str | None = None,
    rules: Iterable[KitRule] | None = None,
    stock: Mapping[int, int] | None = None,
) -> Plan:
    """What each place of a wave would get, but for locals that have withdrawn since.

    What was missing from earlier boxes stands beside it; who had a kit with an earlier wave gets that alone.

    `rules`, and `stock` in pieces by the item's number, are for asking what if.
    """
    places = places_in_order(ShipTo.objects.filter(waves=wave, registration__status=Registration.Status.APPROVED))
    owed = owing.owed_with(wave)
    served = owing.served_before(wave)
    fresh = [place for place in places if place.pk not in served]
    wanted = wanted_by(fresh, rules_of(wave.week) if rules is None else rules)
    owing.add(wanted, owed, places)
    items = Item.objects.in_bulk({pk for _, pk in wanted})
    lines, totals = [], []
    numbered = [(place, place.pk) for place in places]
    for item in sorted(items.values(), key=lambda item: item.sku):
        pk = item.pk
        asked = [(place, want) for place, number in numbered if (want := wanted.get((number, pk)))]
        on_hand = (stock or {}).get(pk, item.on_hand)
        units = {each.unit for _, each in asked}
        given = share(
            [Want(each.amount, each.least) for _, each in asked],
            on_hand,
            policy=policy or wave.policy,
            unit=units.pop() if len(units) == 1 else 1,
        )
        lines += [
            Line(place, item, each.amount, number, each.reason)
            for (place, each), number in zip(asked, given, strict=True)
        ]
        totals.append(Total(item, sum(each.amount for _, each in asked), sum(given), on_hand))
    return Plan(lines, totals)


def places_in_order(places: QuerySet[ShipTo]) -> list[ShipTo]:
    """The places in the order in which their locals registered, with no more of them than the rules look at."""
    rows = ShipTo.objects.filter(pk__in=places.values("pk")).select_related("registration__local").only(*LOOKED_AT)
    return list(rows.order_by("registration__created_at", "registration_id", "position"))


def wanted_by(places: Iterable[ShipTo], rules: Iterable[KitRule]) -> dict[tuple[int, int], Quantity]:
    """How many by the rules, by the numbers of place and item; what nobody wants is left out."""
    chosen = list(places)
    by_item: defaultdict[int, list[KitRule]] = defaultdict(list)
    for rule in rules:
        by_item[rule.item_id].append(rule)
    served = _served(chosen)
    reckoned: dict[tuple[int, quantities.Served], Quantity | None] = {}  # who serves the same gets the same
    found = {}
    for place in chosen:
        pk, serves = place.pk, served[place.pk]
        for item, own in by_item.items():
            key = (item, serves)
            if key not in reckoned:
                each = (quantities.quantity(rule, serves) for rule in own)
                reckoned[key] = quantities.together(one for one in each if one is not None)
            whole = reckoned[key]
            if whole is not None and whole.amount:
                found[pk, item] = whole
    return found


def _served(places: list[ShipTo]) -> dict[int, quantities.Served]:
    """By the number of the place; also those places of a registration count that are not in the wave."""
    registrations: dict[int, Registration] = {place.registration_id: place.registration for place in places}
    siblings: defaultdict[int, list[ShipTo]] = defaultdict(list)
    for place in places:
        siblings[place.registration_id].append(place)
    others = ShipTo.objects.filter(registration__in=registrations).exclude(pk__in=[place.pk for place in places])
    for place in others.only("registration_id", "position", "members_count"):
        place.registration = registrations[place.registration_id]
        siblings[place.registration_id].append(place)
    tasks: defaultdict[int, set[int]] = defaultdict(set)
    pledges = Registration.tasks.through.objects.filter(registration__in=registrations)
    for registration, task in pledges.values_list("registration_id", "weektask_id"):
        tasks[registration].add(task)
    found: dict[int, quantities.Served] = {}
    for registration, rows in siblings.items():
        found |= quantities.served_by(rows, frozenset(tasks[registration]))
    return found
