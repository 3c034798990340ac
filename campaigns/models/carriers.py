"""Files to and from who carries the boxes: which columns they want, and the tracking numbers that come back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.boxes import Box


class CarrierProfile(models.Model):
    """The columns of a carrier's or mail house's file, in their order.

    Each is [heading, what it holds, most characters, whether it must be filled]; what one can hold stands in
    `campaigns.carriers.holders`.
    """

    class Characters(models.TextChoices):
        """The names are those of Python's codecs."""

        ASCII = "ascii", "English letters only"
        LATIN = "cp1252", "Western European (Windows)"
        ALL = "utf-8", "all (UTF-8)"

    name = models.CharField(max_length=60, unique=True)
    carrier = models.CharField(max_length=5, choices=Box.Carrier)
    columns = models.JSONField(default=list)
    tracking_columns = models.JSONField(
        default=dict, help_text="In the file that comes back: heading of the code, number, day, carrier."
    )
    note = models.CharField(max_length=300, blank=True, help_text="Limits of theirs, and where they are written.")
    characters = models.CharField(max_length=6, choices=Characters, default=Characters.ALL)
    takes_po_boxes = models.BooleanField("takes PO boxes", default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(characters__in=["ascii", "cp1252", "utf-8"]), name="campaigns_carrierprofile_characters"
            ),
            models.CheckConstraint(
                condition=Q(carrier__in=["ups", "fedex", "usps", "other"]), name="campaigns_carrierprofile_carrier"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrackingFile(models.Model):
    """A file of tracking numbers that came back: looked through first, then taken in, each row once."""

    class Status(models.TextChoices):
        CHECKED = "checked", "looked through"
        DONE = "done", "taken in"
        CANCELLED = "cancelled", "cancelled"

    profile = models.ForeignKey(CarrierProfile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file: the same file twice is said so.")
    status = models.CharField(max_length=9, choices=Status, default=Status.CHECKED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["checked", "done", "cancelled"]), name="campaigns_trackingfile_status"
            ),
            models.CheckConstraint(
                condition=Q(status="checked", finished_at=None)
                | (~Q(status="checked") & Q(finished_at__isnull=False)),
                name="campaigns_trackingfile_finished",
            ),
        ]

    def __str__(self) -> str:
        return self.filename


class TrackingRow(models.Model):
    """A row of such a file, and what became of it."""

    file = models.ForeignKey(TrackingFile, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="Of the line in the file.")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    carrier = models.CharField(max_length=5, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    notifies = models.BooleanField(default=True, help_text="The local is written to.")
    outcome = models.CharField(max_length=12, help_text="ready, shipped, known, unknown-box, taken, broken …")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "number"], name="campaigns_trackingrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
