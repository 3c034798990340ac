"""From what was set aside to boxes: freezing a wave, what to pick, and boxes that are split, sent again, called off.

The totals of a wave's boxes equal those of its allocations, item by item, or nothing happens at all.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from campaigns import kits
from campaigns.emails import wave_letters
from campaigns.kits import owing
from campaigns.models import Allocation, Box, BoxLine, Item, Registration, StockMove, Wave
from campaigns.models.boxes import new_code
from csan.lib import audit

Kind = StockMove.Kind
Status = Box.Status


# OSHA's ergonomics tool for lifting: above 50 pounds the risk of an injury grows; a pound is 453.592 g (NIST SP 811).
HEAVY = 22_680


class TotalsDiffer(Exception):
    """The boxes of the wave would not hold what was set aside. `differences`: by item, boxes less allocations."""

    def __init__(self, differences: dict[int, int]) -> None:
        self.differences = differences
        super().__init__(", ".join(f"item {item}: {number:+d}" for item, number in differences.items()))


class NothingToSend(Exception):
    """Nothing is set aside for any local that still takes part."""


class CannotSplit(Exception):
    """Both boxes must hold something, and none more than there was."""


class WrongState(Exception):
    """The box is not where it would have to be for this; a colleague was faster."""


@dataclass(frozen=True)
class Pick:
    """How many of an item to bring from the shelf."""

    item: Item
    pieces: int
    boxes: int

    @property
    def packs(self) -> str:
        """The same in packs and single pieces, as a hand counts them."""
        if self.item.pack_size == 1:
            return ""
        whole, rest = divmod(self.pieces, self.item.pack_size)
        return f"{whole} × {self.item.pack_size}" + (f" + {rest}" if rest else "")


@transaction.atomic
def freeze_wave(*, wave: Wave, by: User) -> list[Box]:
    """A box for each place that gets something; the locals are told what comes.

    What was set aside for a local that has withdrawn since goes back into stock. Two who freeze at once: one does, the
    other is told. Wave first, then registrations, then items: the order in which everybody takes them.
    Raises OtherState, NothingToSend, TotalsDiffer.
    """
    held = kits.hold(wave, Wave.Status.ALLOCATED)
    chosen = Registration.objects.filter(places__allocations__wave=held)
    rows = Registration.objects.filter(pk__in=chosen.values("pk")).select_for_update(of=("self",)).order_by("pk")
    staying = {row.pk: row for row in rows.select_related("week", "local") if row.status == row.Status.APPROVED}
    _give_back(held, Allocation.objects.filter(wave=held).exclude(place__registration__in=staying), by)
    boxes = _make_boxes(held)
    if not boxes:
        raise NothingToSend
    _compare(held)
    owing.note_sent(held, boxes)
    now = timezone.now()
    Wave.objects.filter(pk=held.pk).update(status=Wave.Status.FROZEN, frozen_at=now, frozen_by=by)
    wave_letters.write_all(staying, boxes)
    audit.record(by=by, objects=[held], did="Froze", boxes=len(boxes))
    wave.refresh_from_db()
    return boxes


def _give_back(wave: Wave, rows: QuerySet[Allocation], by: User) -> None:
    sums: Counter[int] = Counter()
    for number, given in rows.values_list("item", "given"):
        sums[number] += given
    for item in Item.objects.select_for_update().filter(pk__in=sums).order_by("pk"):
        if sums[item.pk]:
            key = f"freeze:{wave.pk}:{item.pk}"
            kits.move_stock(item=item, amount=sums[item.pk], kind=Kind.RELEASED, key=key, note=str(wave), by=by)
    rows.delete()


def _make_boxes(wave: Wave) -> list[Box]:
    lines: defaultdict[int, list[Allocation]] = defaultdict(list)
    given = Allocation.objects.filter(wave=wave, given__gt=0).select_related("place").order_by("place", "item__sku")
    for each in given:
        lines[each.place_id].append(each)
    codes = _new_codes(wave.week.year, len(lines))
    boxes = [
        Box(registration_id=own[0].place.registration_id, place=own[0].place, wave=wave, code=code)
        for own, code in zip(lines.values(), codes, strict=True)
    ]
    Box.objects.bulk_create(boxes, batch_size=1000)
    BoxLine.objects.bulk_create(
        [
            BoxLine(box=box, item_id=each.item_id, quantity=each.given, reason=each.reason)
            for box, own in zip(boxes, lines.values(), strict=True)
            for each in own
        ],
        batch_size=2000,
    )
    return boxes


def _new_codes(year: int, count: int) -> list[str]:
    """So many codes that no box has, and none had."""
    found: set[str] = set()
    while len(found) < count:
        more = {new_code(year) for _ in range(count - len(found))}
        found |= more - set(Box.objects.filter(code__in=more).values_list("code", flat=True))
    return sorted(found)


def _compare(wave: Wave) -> None:
    """Read from the rows themselves."""
    sums: Counter[int] = Counter()
    packed = BoxLine.objects.filter(box__wave=wave).values_list("item").annotate(sum=Sum("quantity"))
    for item, number in packed:
        sums[item] += number
    for item, number in Allocation.objects.filter(wave=wave).values_list("item").annotate(sum=Sum("given")):
        sums[item] -= number
    if differences := {item: number for item, number in sums.items() if number}:
        raise TotalsDiffer(differences)


def pick_list(wave: Wave) -> list[Pick]:
    """What to bring for the boxes that are still to be packed, item by item."""
    lines = BoxLine.objects.filter(box__wave=wave, box__status=Status.PLANNED)
    sums = {
        item: (pieces, boxes)
        for item, pieces, boxes in lines.values_list("item").annotate(pieces=Sum("quantity"), boxes=Count("pk"))
    }
    return [Pick(item, *sums[item.pk]) for item in Item.objects.filter(pk__in=sums).order_by("sku")]


def heavy_boxes(boxes: QuerySet[Box]) -> list[tuple[Box, int]]:
    """Those of the boxes still to be packed that one person should not lift, with their grams; the heaviest first."""
    grams = Sum(F("lines__quantity") * F("lines__item__weight_grams"))
    rows = boxes.filter(status=Status.PLANNED).annotate(grams=grams)
    heavy = rows.filter(grams__gt=HEAVY).order_by("-grams", "pk")
    return [(box, box.grams) for box in heavy]


@transaction.atomic
def split_box(*, box: Box, moved: Mapping[int, int], by: User) -> Box:
    """A second box for what one does not hold. `moved`: pieces by the number of the line.

    Raises CannotSplit, WrongState.
    """
    held = _hold(box, Status.PLANNED)
    lines = {line.pk: line for line in held.lines.select_for_update().order_by("pk")}
    takes = {pk: number for pk, number in moved.items() if number}
    if not takes or any(pk not in lines or not 0 < number <= lines[pk].quantity for pk, number in takes.items()):
        raise CannotSplit
    if sum(takes.values()) == sum(line.quantity for line in lines.values()):
        raise CannotSplit
    other = _box_like(held, part=_last_part(held) + 1)
    for pk, number in takes.items():
        line = lines[pk]
        BoxLine.objects.create(box=other, item_id=line.item_id, quantity=number, reason=line.reason)
        if number == line.quantity:
            line.delete()
        else:
            line.quantity -= number
            line.save(update_fields=["quantity"])
    audit.record(by=by, objects=[held, other], did="Split", into=f"{held} and {other}")
    return other


@transaction.atomic
def resend_box(*, box: Box, by: User) -> Box:
    """The same once more, for a box that was lost or came back. Raises WrongState, OutOfStock.

    What was lost is taken from the stock again; what came back is packed again. A box is sent again once.
    """
    held = _hold(box, Status.LOST, Status.RETURNED)
    if Box.objects.filter(replaces=held).exists():
        raise WrongState
    other = _box_like(held, part=held.part, replaces=held)
    lines = list(held.lines.select_related("item").order_by("item"))
    for line in lines:
        if held.status == Status.LOST:
            key = f"resend:{held.pk}:{line.item_id}"
            kits.move_stock(
                item=line.item, amount=-line.quantity, kind=Kind.ALLOCATED, key=key, note=f"{other} for {held}", by=by
            )
        BoxLine.objects.create(box=other, item=line.item, quantity=line.quantity, reason=line.reason)
    audit.record(by=by, objects=[held, other], did="Sent again", new=other)
    return other


@transaction.atomic
def box_after(*, box: Box, pieces: Mapping[Item, int], reason: str, by: User) -> Box:
    """Another box to where this one went, with so many of some items from the stock. Raises WrongState, OutOfStock."""
    held = _hold(box, *Box.UNDER_WAY)
    other = _box_like(held, part=_last_part(held) + 1)
    for item in sorted(pieces, key=lambda item: item.pk):
        key = f"after:{other.pk}:{item.pk}"
        note = f"{other} after {held}"
        kits.move_stock(item=item, amount=-pieces[item], kind=Kind.ALLOCATED, key=key, note=note, by=by)
        BoxLine.objects.create(box=other, item=item, quantity=pieces[item], reason=reason)
    audit.record(by=by, objects=[held, other], did="Sent after it", new=other)
    return other


@transaction.atomic
def cancel_box(*, box: Box, by: User | None) -> Box:
    """It does not leave; what lies in it goes back into stock. Raises WrongState."""
    held = _hold(box, *Box.WAITING)
    for line in held.lines.select_related("item").order_by("item"):
        key = f"cancel:{held.pk}:{line.item_id}"
        if line.laid_in:
            kits.move_stock(item=line.item, amount=line.laid_in, kind=Kind.RELEASED, key=key, note=str(held), by=by)
    Box.objects.filter(pk=held.pk).update(status=Status.CANCELLED)
    audit.record(by=by, objects=[held], did="Cancelled")
    held.refresh_from_db()
    return held


@transaction.atomic
def finish_wave(*, wave: Wave, by: User) -> bool:
    """All its boxes have left. False while one waits. Raises OtherState."""
    held = kits.hold(wave, Wave.Status.FROZEN)
    if Box.objects.filter(wave=held, status__in=Box.WAITING).exists():
        return False
    Wave.objects.filter(pk=held.pk).update(status=Wave.Status.DONE)
    audit.record(by=by, objects=[held], did="Done")
    return True


def _hold(box: Box, *statuses: str) -> Box:
    """Its registration first, as who ships and who withdraws."""
    Registration.objects.select_for_update().get(pk=box.registration_id)
    held = Box.objects.select_for_update(of=("self",)).select_related("registration__week").get(pk=box.pk)
    if held.status not in statuses:
        raise WrongState
    return held


def _last_part(box: Box) -> int:
    siblings = Box.objects.filter(place=box.place_id, wave=box.wave_id)
    return siblings.aggregate(last=Max("part"))["last"] or 1


def _box_like(box: Box, *, part: int, replaces: Box | None = None) -> Box:
    (code,) = _new_codes(box.registration.week.year, 1)
    return Box.objects.create(
        registration_id=box.registration_id,
        place_id=box.place_id,
        wave_id=box.wave_id,
        part=part,
        replaces=replaces,
        code=code,
    )
