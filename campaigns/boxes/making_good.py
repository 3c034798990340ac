"""What is missing from a box is sent after it: with the next wave, or in a box of its own. Each item once."""

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.boxes import arrivals, shipping, waves
from campaigns.kits import owing
from campaigns.models import Arrival, Box, Owed, Registration, Wave, WeekOfAction
from csan.lib import audit


class NoItemNamed(Exception):
    """Something is missing in words only, or nothing is: staff read the words and pack by hand."""


class SentBefore(Exception):
    """All of these items were sent after the box before, or lie ready in a wave."""


class NoAddress(Exception):
    """The home that the box went to is erased: the local has to say again where to send something."""


@transaction.atomic
def send_with_next_wave(*, arrival: Arrival, by: User) -> Wave | None:
    """The missing items go out with the open wave, which is given back, or, where none is, with the next one.

    Raises NoItemNamed, SentBefore, NoAddress. Staff have seen to it then, and the box counts as delivered. Saying it
    again changes nothing.
    """
    box = _hold(arrival)
    _accept(arrival, box, by)
    wave = owing.join(box.place, box.registration.week)
    audit.record(by=by, objects=[box], did="Sends what is missing", wave=wave or "the next one")
    return wave


@transaction.atomic
def send_in_own_box(*, arrival: Arrival, by: User) -> Box:
    """A box with the missing items alone, to be packed like the others. Raises as above, and OutOfStock."""
    box = _hold(arrival)
    owed = _accept(arrival, box, by)
    pieces = {each.item: each.quantity for each in owed}
    other = waves.box_after(box=box, pieces=pieces, reason=f"missing from box {box}", by=by)
    Owed.objects.filter(pk__in=[each.pk for each in owed]).update(sent_in=other)
    return other


def _hold(arrival: Arrival) -> Box:
    """The week, its waves, the registration: the order in which everybody takes them."""
    box = Box.objects.select_related("place", "registration__week").get(pk=arrival.box_id)
    week = WeekOfAction.objects.select_for_update().get(pk=box.registration.week_id)
    list(Wave.objects.select_for_update().filter(week=week, status__in=owing.BUSY).order_by("pk"))
    Registration.objects.select_for_update().get(pk=box.registration_id)
    return box


def _accept(arrival: Arrival, box: Box, by: User) -> list[Owed]:
    """What is owed now. Two of the staff who accept at once do it one after the other."""
    held = Arrival.objects.select_for_update().get(pk=arrival.pk)
    gaps = dict(held.gaps.order_by("item").values_list("item", "quantity"))
    if held.answer != Arrival.Answer.MISSING or not gaps:
        raise NoItemNamed
    if box.place.erased_at:
        raise NoAddress
    if box.place.waves.filter(status=Wave.Status.ALLOCATED).exists():
        raise SentBefore
    Owed.objects.bulk_create(
        [Owed(box=box, item_id=item, quantity=quantity, accepted_by=by) for item, quantity in gaps.items()],
        ignore_conflicts=True,
    )
    owed = list(Owed.objects.waiting().filter(box=box, item__in=gaps).select_related("item").order_by("item"))
    if not owed:
        raise SentBefore
    if held.settled_at is None:  # a local that has counted again is owed what it says now
        for each in owed:
            each.quantity = gaps[each.item_id]
        Owed.objects.bulk_update(owed, ["quantity"])
    arrivals.settle(arrivals=[held], by=by)
    shipping.mark_delivered(boxes=[box], by=by)
    return owed
