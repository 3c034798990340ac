"""The boxes of materials that go to the locals."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.registrations import Registration

# Read over the telephone and written on cardboard: no 0 and O, no 1, I and L, no U that looks like V.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 4


def new_code(year: int) -> str:
    """A box's code, such as `26-7K3Q`: the week's year and four random characters (810,000 a year)."""
    return f"{year % 100:02d}-{''.join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))}"


class BoxQuerySet(models.QuerySet["Box"]):
    def living(self) -> "BoxQuerySet":
        """Those that stand for what the local gets: a registration has one at most."""
        return self.filter(status__in=Box.LIVING)


class Box(models.Model):
    """One box for one registration. Its `code` is never used again.

    planned → packed → shipped → delivered | lost | returned; one that has not left can be cancelled.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        PACKED = "packed", _("packed")
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

    LIVING = (Status.PLANNED, Status.PACKED, Status.SHIPPED, Status.DELIVERED)
    WAITING = (Status.PLANNED, Status.PACKED)
    UNDER_WAY = (Status.SHIPPED, Status.DELIVERED)

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="boxes")
    code = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    carrier = models.CharField(max_length=5, choices=Carrier, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = BoxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "boxes"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=["planned", "packed", "shipped", "delivered"]),
                name="campaigns_box_living",
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="campaigns_box_tracking",
                violation_error_message=_("Another box has this tracking number."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "packed", "shipped", "delivered", "lost", "returned", "cancelled"]),
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
                condition=Q(shipped_at__isnull=True) | (~Q(carrier="") & ~Q(tracking_number="")),
                name="campaigns_box_trackable",
            ),
            models.CheckConstraint(
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
                name="campaigns_box_delivered",
            ),
        ]

    def __str__(self) -> str:
        return self.code
