"""Homes that boxes went to: private, and erased once the box has arrived and nobody has to send another one."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campaigns.models import Arrival, Box, Owed, ShipTo

KEPT = timedelta(days=7)  # after delivery: so long something may turn out to be missing


@transaction.atomic
def erase() -> int:
    """Erase the homes whose last box arrived a week ago; the town stays. How many.

    Not while a box is on its way or waits, nor while something that was missing has not been seen to or sent.
    """
    arrived = Q(status=Box.Status.DELIVERED, delivered_at__lt=timezone.now() - KEPT)
    own = Box.objects.living().filter(place=OuterRef("pk"))
    old, open_ones = own.filter(arrived), own.exclude(arrived)
    missing = Arrival.objects.needed().filter(box__place=OuterRef("pk"))
    owed = Owed.objects.waiting().filter(box__place=OuterRef("pk"))
    homes = ShipTo.objects.filter(
        Exists(old), ~Exists(open_ones), ~Exists(missing), ~Exists(owed), is_home=True, erased_at=None
    )
    return homes.update(
        erased_at=timezone.now(), name="", address1="", address2="", standard={}, uses_standard=False,
        receiving_hours="", label="",
    )  # fmt: skip
