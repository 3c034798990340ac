"""The boxes of materials that go to the locals."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.kits import Item
from campaigns.models.places import ShipTo
from campaigns.models.reasons import in_readers_language
from campaigns.models.registrations import Registration
from campaigns.models.waves import Wave

# Read over the telephone and written on cardboard: no 0 and O, no 1, I and L, no U that looks like V.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 4


def new_code(year: int) -> str:
    """A box's code, such as `26-7K3Q`: the week's year and four random characters (810,000 a year)."""
    return f"{year % 100:02d}-{''.join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))}"


class BoxQuerySet(models.QuerySet["Box"]):
    def living(self) -> "BoxQuerySet":
        """Those that stand for what the local gets."""
        return self.filter(status__in=Box.LIVING)

    def ready(self) -> "BoxQuerySet":
        """Those that may be handed over: packed and checked, or packed where there is no list to check by."""
        return self.filter(Q(status=Box.Status.CHECKED) | Q(wave=None, status=Box.Status.PACKED))


class Box(models.Model):
    """A box for a place of a registration. Its `code` is never used again.

    planned → packed → checked → shipped → delivered | lost | returned; one that has not left can be cancelled. What
    is too much for one box is split: its parts are boxes of their own.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        PACKED = "packed", _("packed")
        CHECKED = "checked", _("packed and checked")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        LOST = "lost", _("lost")
        RETURNED = "returned", _("returned to us")
        CANCELLED = "cancelled", _("cancelled")

    class Carrier(models.TextChoices):
        UPS = "ups", "UPS"
        FEDEX = "fedex", "FedEx"
        USPS = "usps", "USPS"
        OTHER = "other", _("another carrier")

    LIVING = (Status.PLANNED, Status.PACKED, Status.CHECKED, Status.SHIPPED, Status.DELIVERED)
    WAITING = (Status.PLANNED, Status.PACKED, Status.CHECKED)
    UNDER_WAY = (Status.SHIPPED, Status.DELIVERED)

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="boxes")
    place = models.ForeignKey(ShipTo, on_delete=models.PROTECT, related_name="boxes")
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="boxes")
    part = models.PositiveSmallIntegerField(default=1, help_text="1 of a box that was not split.")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacement",
        help_text="The box that was lost or came back, for which this one goes out.",
    )  # fmt: skip
    code = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    carrier = models.CharField(max_length=5, choices=Carrier, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    packed_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    slips_printed = models.PositiveSmallIntegerField(default=0, help_text="From the second on they say COPY.")
    labels_printed = models.PositiveSmallIntegerField(default=0)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = BoxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "boxes"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place", "wave", "part"],
                condition=Q(status__in=["planned", "packed", "checked", "shipped", "delivered"]),
                nulls_distinct=False,
                name="campaigns_box_living",
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="campaigns_box_tracking",
                violation_error_message=_("Another box has this tracking number."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "planned", "packed", "checked", "shipped", "delivered", "lost", "returned", "cancelled",
                    ]
                ),
                name="campaigns_box_status",
            ),
            models.CheckConstraint(
                condition=Q(carrier__in=["", "ups", "fedex", "usps", "other"]), name="campaigns_box_carrier"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["shipped", "delivered", "lost", "returned"], shipped_at__isnull=False)
                | (~Q(status__in=["shipped", "delivered", "lost", "returned"]) & Q(shipped_at__isnull=True)),
                name="campaigns_box_shipped",
            ),
            models.CheckConstraint(
                condition=~Q(status="checked") | Q(checked_at__isnull=False), name="campaigns_box_checked"
            ),
            # Two people, or nobody has checked anything.
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(packed_by=None) | ~Q(checked_by=F("packed_by")),
                name="campaigns_box_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(shipped_at__isnull=True) | (~Q(carrier="") & ~Q(tracking_number="")),
                name="campaigns_box_trackable",
            ),
            models.CheckConstraint(
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
                name="campaigns_box_delivered",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class BoxLine(models.Model):
    """What is in a box: so many of an item, and why as many."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="lines", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True, help_text="When who packs laid it in.")
    packed = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many lie in it where they are fewer; empty: all."
    )
    short_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(packed=None) | Q(packed__lt=F("quantity")), name="campaigns_boxline_short"
            ),
            models.UniqueConstraint(fields=["box", "item"], name="campaigns_boxline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="campaigns_boxline_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.item}"

    @property
    def local_reason(self) -> str:
        """Why as many, in the reader's language."""
        return in_readers_language(self.reason)

    @property
    def laid_in(self) -> int:
        """How many lie in the box, or will."""
        return self.quantity if self.packed is None else self.packed
