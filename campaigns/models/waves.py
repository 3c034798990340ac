"""Waves: registrations frozen together, what each of their places gets, and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.kits import Item
from campaigns.models.places import ShipTo
from campaigns.models.weeks import WeekOfAction


class Wave(models.Model):
    """Boxes that are packed together.

    open → allocated → frozen → done; one that is not frozen yet can be cancelled. Frozen, its allocations are final
    and its boxes exist.
    """

    class Status(models.TextChoices):
        OPEN = "open", "being put together"
        ALLOCATED = "allocated", "materials set aside"
        FROZEN = "frozen", "frozen: being packed"
        DONE = "done", "all boxes have left"
        CANCELLED = "cancelled", "cancelled"

    class Policy(models.TextChoices):
        PRO_RATA = "pro-rata", "everybody gets the same share"
        FIRST_COME = "first-come", "who registered first"
        MINIMUM_FIRST = "minimum-first", "the least for everybody first, then the same share"
        BY_HAND = "by-hand", "as staff wrote"

    week = models.ForeignKey(WeekOfAction, on_delete=models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN, editable=False)
    policy = models.CharField("where there is too little", max_length=13, choices=Policy, default=Policy.PRO_RATA)
    reason = models.CharField(max_length=300, blank=True, help_text="Why this policy, and why by hand; it is kept.")
    places = models.ManyToManyField(ShipTo, blank=True, related_name="waves")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "number"], name="campaigns_wave_number"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "allocated", "frozen", "done", "cancelled"]),
                name="campaigns_wave_status",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["pro-rata", "first-come", "minimum-first", "by-hand"]),
                name="campaigns_wave_policy",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["frozen", "done"], frozen_at__isnull=False)
                | (~Q(status__in=["frozen", "done"]) & Q(frozen_at__isnull=True)),
                name="campaigns_wave_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"Wave {self.number} of {self.week.year}"


class Allocation(models.Model):
    """How many of an item a place gets in a wave, beside how many the rules ask for, and the reason in words."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="allocations", db_index=False)
    place = models.ForeignKey(ShipTo, on_delete=models.PROTECT, related_name="allocations")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="allocations")
    wanted = models.PositiveIntegerField()
    given = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, help_text="Such as 143 members + 5 % = 151 → 16 packs of 10.")
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "place", "item"], name="campaigns_allocation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.given} {self.item} for {self.place}"
