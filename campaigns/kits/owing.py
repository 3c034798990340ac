"""What was missing from boxes and goes out with a wave, beside what its rules give, or alone."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from campaigns.kits.quantities import Quantity, together
from campaigns.models import Allocation, Box, Owed, ShipTo, Wave, WeekOfAction

BUSY = (Wave.Status.OPEN, Wave.Status.ALLOCATED)


def is_owed_and_free() -> Q:
    """Of places: something is owed to them, and no wave that is being put together has them."""
    owed = Owed.objects.waiting().filter(box__place=OuterRef("pk"))
    busy = Wave.places.through.objects.filter(shipto=OuterRef("pk"), wave__status__in=BUSY)
    return Q(Exists(owed), ~Exists(busy))


def join(place: ShipTo, week: WeekOfAction) -> Wave | None:
    """The place gets what is owed to it with the newest wave that is still open; None where none is.

    Then it comes into the next one that is opened. The caller holds the week, as who opens a wave does.
    """
    wave = Wave.objects.select_for_update().filter(week=week, status=Wave.Status.OPEN).order_by("-number").first()
    if wave and ShipTo.objects.filter(is_owed_and_free(), pk=place.pk).exists():
        wave.places.add(place)
    return wave


def owed_with(wave: Wave) -> list[Owed]:
    """What is owed to the places of a wave, the oldest first."""
    return list(Owed.objects.waiting().filter(box__place__waves=wave).select_related("box").order_by("pk"))


def served_before(wave: Wave) -> set[int]:
    """Those of the wave's places that had their kit with an earlier one, by their numbers.

    They came only for what is owed to them, and get nothing where that has gone another way meanwhile.
    """
    earlier = Wave.places.through.objects.filter(wave__lt=wave, shipto__in=wave.places.values("pk"))
    return set(earlier.exclude(wave__status=Wave.Status.CANCELLED).values_list("shipto", flat=True))


def add(wanted: dict[tuple[int, int], Quantity], owed: Iterable[Owed], places: Iterable[ShipTo]) -> None:
    """Put what is owed to these places beside what the rules give them. A place cannot do without it."""
    chosen = {place.pk for place in places}
    for each in owed:
        key = (each.box.place_id, each.item_id)
        if each.box.place_id not in chosen:
            continue
        missing = Quantity(each.quantity, f"missing from box {each.box}", least=each.quantity)
        whole = together([wanted[key], missing] if key in wanted else [missing])
        assert whole is not None, "there is one at least"
        wanted[key] = whole


def note_sent(wave: Wave, boxes: Iterable[Box]) -> None:
    """What is owed lies in the wave's boxes now. Where there was too little, the rest is owed further on."""
    box_of = {box.place_id: box for box in boxes}
    given: Counter[tuple[int, int]] = Counter()
    for place, item, number in Allocation.objects.filter(wave=wave).values_list("place", "item", "given"):
        given[place, item] = number
    rows = Owed.objects.waiting().filter(box__place__in=box_of, box__place__waves=wave).select_related("box")
    for each in rows.select_for_update(of=("self",)).order_by("pk"):
        key = (each.box.place_id, each.item_id)
        sent = min(each.quantity, given[key])
        given[key] -= sent
        if sent == each.quantity:
            Owed.objects.filter(pk=each.pk).update(sent_in=box_of[each.box.place_id])
        elif sent:
            Owed.objects.filter(pk=each.pk).update(quantity=each.quantity - sent)
