"""Setting materials aside for a wave: its places, what each gets, and the stock that goes with it.

Whoever changes a wave holds its row, and then the items in the order of their numbers, so that two never wait for each
other and the last piece goes to one place only.
"""

from collections import Counter
from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from campaigns.kits import owing
from campaigns.kits.planning import Plan, plan
from campaigns.kits.stock import Kind, move_stock
from campaigns.models import Allocation, Item, Registration, ShipTo, StockMove, Wave, WeekOfAction
from campaigns.models.reasons import BY_HAND
from csan.lib import audit

Status = Wave.Status


class NobodyWaits(Exception):
    """There is no approved place that is not in a wave yet."""


class OtherState(Exception):
    """The wave is not in the state that this needs: a colleague was faster. `wave` is as it stands."""

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        super().__init__(f"{wave} is {wave.get_status_display()}")


class ReasonNeeded(Exception):
    """There is too little, or staff gave by hand, and nobody has said why so."""


class TooMany(Exception):
    """More than the rules ask for."""


def waiting_places(week: WeekOfAction, *, districts: Collection[str] = ()) -> QuerySet[ShipTo]:
    """Places of approved registrations that are in no wave, or to which something is owed.

    But for those where no parcel can be delivered.
    """
    taken = Wave.places.through.objects.filter(shipto=OuterRef("pk")).exclude(wave__status=Status.CANCELLED)
    rows = ShipTo.objects.filter(registration__week=week, registration__status=Registration.Status.APPROVED)
    rows = rows.filter(~Exists(taken) | owing.is_owed_and_free(), erased_at=None)
    rows = rows.exclude(verdict=ShipTo.Verdict.UNSAFE)
    if not districts:
        return rows
    told = Q(registration__local__district="", registration__district__in=districts)
    return rows.filter(told | Q(registration__local__district__in=districts))


@transaction.atomic
def open_wave(*, week: WeekOfAction, by: User, districts: Collection[str] = ()) -> Wave:
    """A new wave of all places that wait for one, of these districts or of all. Raises NobodyWaits."""
    WeekOfAction.objects.select_for_update().get(pk=week.pk)  # two at once would take the same places
    places = list(waiting_places(week, districts=districts).order_by("pk"))
    if not places:
        raise NobodyWaits
    last = Wave.objects.filter(week=week).aggregate(last=Max("number"))["last"] or 0
    wave = Wave.objects.create(week=week, number=last + 1)
    wave.places.set(places)
    audit.record(by=by, objects=[wave], did="Opened", places=len(places))
    return wave


@transaction.atomic
def take_out(*, wave: Wave, place: ShipTo, by: User) -> bool:
    """The place waits for another wave. Raises OtherState unless the wave is open. False where it was not in it."""
    held = hold(wave, Status.OPEN)
    taken, _ = Wave.places.through.objects.filter(wave=held, shipto=place).delete()
    if taken:
        audit.record(by=by, objects=[held], did="Took a place out", place=place.pk)
    return bool(taken)


@transaction.atomic
def cancel_wave(*, wave: Wave, by: User) -> Wave:
    """Its places may go into another one. Raises OtherState unless it is open: `release` comes first."""
    held = hold(wave, Status.OPEN)
    Wave.objects.filter(pk=held.pk).update(status=Status.CANCELLED)
    audit.record(by=by, objects=[held], did="Cancelled")
    held.refresh_from_db()
    return held


@transaction.atomic
def allocate(*, wave: Wave, policy: str, by: User, reason: str = "") -> Plan:
    """Set aside what the plan gives, and say why. Raises OtherState, ReasonNeeded.

    Two who do it at once: one does, the other is told. The stock moves by the totals of the allocations.
    """
    held = hold(wave, Status.OPEN)
    list(Item.objects.select_for_update().order_by("pk"))  # few; from here on the stock stands still
    found = plan(held, policy=policy)
    if not reason.strip() and (found.shortages or policy == Wave.Policy.BY_HAND):
        raise ReasonNeeded
    Allocation.objects.bulk_create(
        [
            Allocation(
                wave=held, place=line.place, item=line.item, wanted=line.wanted, given=line.given, reason=line.reason
            )
            for line in found.lines
        ],
        batch_size=2000,
    )
    for total in sorted(found.totals, key=lambda total: total.item.pk):
        if total.given:
            _move(held, total.item, -total.given, Kind.ALLOCATED, by)
    _set(held, Status.ALLOCATED, policy=policy, reason=reason.strip())
    audit.record(by=by, objects=[held], did="Set materials aside", policy=policy, reason=reason.strip())
    wave.refresh_from_db()
    return found


@transaction.atomic
def release(*, wave: Wave, by: User) -> Wave:
    """Give back what was set aside, so that places or rules can be changed. Raises OtherState."""
    held = hold(wave, Status.ALLOCATED)
    given: Counter[int] = Counter()
    for item_id, number in Allocation.objects.filter(wave=held).values_list("item", "given"):
        given[item_id] += number
    for item in Item.objects.select_for_update().filter(pk__in=given).order_by("pk"):
        if given[item.pk]:
            _move(held, item, given[item.pk], Kind.RELEASED, by)
    Allocation.objects.filter(wave=held).delete()
    _set(held, Status.OPEN, reason="")
    audit.record(by=by, objects=[held], did="Gave materials back")
    held.refresh_from_db()
    return held


@transaction.atomic
def give_by_hand(*, allocation: Allocation, given: int, reason: str, by: User) -> Allocation:
    """Another number for one place, with the reason. Raises OtherState, OutOfStock, ReasonNeeded, TooMany."""
    if not reason.strip():
        raise ReasonNeeded
    held = hold(allocation.wave, Status.ALLOCATED)
    row = Allocation.objects.select_for_update().select_related("item").get(pk=allocation.pk)
    if given > row.wanted:
        raise TooMany
    if given != row.given:
        kind = Kind.ALLOCATED if given > row.given else Kind.RELEASED
        _move(held, row.item, row.given - given, kind, by)
        row.reason = f"{row.reason.partition(BY_HAND)[0][:150]}{BY_HAND}{reason.strip()}"[:300]
        row.given, row.is_by_hand = given, True
        row.save(update_fields=["given", "reason", "is_by_hand"])
        audit.record(by=by, objects=[held], did="Gave by hand", item=row.item, given=given, reason=reason.strip())
    return row


def hold(wave: Wave, status: str) -> Wave:
    """The wave, kept from others' hands until the transaction ends. Raises OtherState."""
    held = Wave.objects.select_for_update(of=("self",)).select_related("week").get(pk=wave.pk)
    if held.status != status:
        raise OtherState(held)
    return held


def _set(wave: Wave, status: str, **values: str) -> None:
    Wave.objects.filter(pk=wave.pk).update(status=status, **values)


def _move(wave: Wave, item: Item, amount: int, kind: Kind, by: User) -> None:
    """The wave is held, so its moves have numbers."""
    begins = f"wave:{wave.pk}:{item.pk}:"
    number = StockMove.objects.filter(key__startswith=begins).count() + 1
    move_stock(item=item, amount=amount, kind=kind, key=f"{begins}{number}", note=str(wave), by=by)
