"""Boxes: made for approved registrations, packed, shipped once, delivered or lost.

Who ships and who withdraws both take the registration's row first, so that no box leaves for a local that has just
withdrawn.
"""

from collections.abc import Iterable
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campaigns.emails import registration_letters
from campaigns.models import Box, Registration, Wave
from campaigns.models.boxes import new_code
from csan.lib import audit

# Each carrier's own public page.
TRACKING_PAGES = {
    Box.Carrier.UPS: "https://www.ups.com/track?tracknum=",
    Box.Carrier.FEDEX: "https://www.fedex.com/fedextrack/?trknbr=",
    Box.Carrier.USPS: "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
}


class TrackingNumberTaken(Exception):
    """Another box of this carrier has this tracking number."""


class NoFreeCode(Exception):
    """No unused code was found for a box, which is a matter of too many boxes in one year."""


def tracking_page(carrier: str, number: str) -> str:
    """The carrier's page about a number; empty where there is none."""
    page = TRACKING_PAGES.get(Box.Carrier(carrier)) if carrier and number else None
    return f"{page}{quote(number, safe='')}" if page else ""


def tracking_url(box: Box) -> str:
    """The same about a box."""
    return tracking_page(box.carrier, box.tracking_number)


@transaction.atomic
def create_boxes(*, registrations: Iterable[Registration], by: User) -> list[Box]:
    """A planned box for each approved registration that has none. The new boxes are given back."""
    approved = Registration.objects.filter(
        pk__in=[each.pk for each in registrations], status=Registration.Status.APPROVED
    )
    rows = list(approved.select_for_update(of=("self",)).select_related("week", "local").order_by("pk"))
    served = set(Box.objects.living().filter(registration__in=rows).values_list("registration", flat=True))
    made = [_create_box(row) for row in rows if row.pk not in served]
    audit.record(by=by, objects=made, did="Created")
    return made


def _create_box(registration: Registration) -> Box:
    """A box with a code that none had before. The caller holds the registration, so only a code can collide."""
    for _attempt in range(20):
        box, is_new = Box.objects.get_or_create(
            code=new_code(registration.week.year),
            defaults={"registration": registration, "place": registration.place},
        )
        if is_new:
            return box
    raise NoFreeCode


@transaction.atomic
def ship_box(*, box: Box, carrier: str, tracking_number: str, by: User, notifies: bool = True) -> bool:
    """The box has left: write down how, and tell the local once, unless told not to. Raises TrackingNumberTaken.

    False where the box had left before, was cancelled, or its registration is no longer approved.
    """
    registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("week", "local")
        .get(pk=box.registration_id)
    )
    # What was packed in a wave leaves once two people have seen it; a box without a list has nothing to be checked.
    may_leave = Q(wave=None, status__in=Box.WAITING) | Q(status=Box.Status.CHECKED)
    waiting = Box.objects.filter(may_leave, pk=box.pk, registration__status=Registration.Status.APPROVED)
    try:
        with transaction.atomic():
            shipped = waiting.update(
                status=Box.Status.SHIPPED,
                carrier=carrier,
                tracking_number=tracking_number,
                shipped_at=timezone.now(),
            )
    except IntegrityError as error:
        if "campaigns_box_tracking" not in str(error):
            raise
        raise TrackingNumberTaken from error
    if not shipped:
        return False
    box.refresh_from_db()
    box.registration = registration
    _note_wave(box)
    if notifies:
        registration_letters.box_shipped(box, tracking_url(box))
    audit.record(by=by, objects=[box], did="Shipped", carrier=carrier, tracking_number=tracking_number)
    return True


def _note_wave(box: Box) -> None:
    """A wave whose last box has left is done."""
    waiting = Box.objects.filter(wave=OuterRef("pk"), status__in=Box.WAITING)
    frozen = Wave.objects.filter(~Exists(waiting), pk=box.wave_id or 0, status=Wave.Status.FROZEN)
    frozen.update(status=Wave.Status.DONE)


def mark_packed(*, boxes: Iterable[Box], by: User) -> int:
    """The boxes stand ready. How many of them were planned before is given back, as by all below.

    Not those of a wave: their lines are ticked one by one (`campaigns.boxes.packing`).
    """
    without_list = [box for box in boxes if box.wave_id is None]
    return _move(without_list, (Box.Status.PLANNED,), Box.Status.PACKED, by)


def mark_delivered(*, boxes: Iterable[Box], by: User) -> int:
    """The boxes have arrived."""
    return _move(boxes, (Box.Status.SHIPPED,), Box.Status.DELIVERED, by)


def mark_lost(*, boxes: Iterable[Box], by: User) -> int:
    """The carrier has lost the boxes; their locals may get new ones."""
    return _move(boxes, Box.UNDER_WAY, Box.Status.LOST, by)


def mark_returned(*, boxes: Iterable[Box], by: User) -> int:
    """The boxes came back to us; their locals may get new ones."""
    return _move(boxes, Box.UNDER_WAY, Box.Status.RETURNED, by)


@transaction.atomic
def _move(boxes: Iterable[Box], before: tuple[Box.Status, ...], after: Box.Status, by: User) -> int:
    chosen = Box.objects.filter(pk__in=[each.pk for each in boxes], status__in=before)
    rows = list(chosen.select_for_update().order_by("pk"))
    moved = Box.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=after, delivered_at=timezone.now() if after == Box.Status.DELIVERED else None
    )
    audit.record(by=by, objects=rows, did=f"Marked as {after}")
    return moved
