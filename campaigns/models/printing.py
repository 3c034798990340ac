"""What is printed for many boxes at once: a PDF that a worker makes."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.waves import Wave

PATIENCE = timedelta(seconds=60)  # without a sign of life, after which a worker is taken for dead


class PrintRunQuerySet(models.QuerySet["PrintRun"]):
    def due(self) -> "PrintRunQuerySet":
        """Those that no living worker has."""
        return self.filter(
            Q(seen_at__isnull=True) | Q(seen_at__lt=timezone.now() - PATIENCE), status=PrintRun.Status.RUNNING
        )


class PrintRun(models.Model):
    """Slips or labels of boxes, in one file. Kept for a week: addresses stand in it."""

    class Status(models.TextChoices):
        RUNNING = "running", "being drawn"
        DONE = "done", "ready"
        FAILED = "failed", "failed"
        FORGOTTEN = "forgotten", "file deleted"

    class Kind(models.TextChoices):
        SLIPS = "slips", "packing slips"
        SMALL = "5160", "labels, Avery 5160"
        LARGE = "5163", "labels, Avery 5163"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="print_runs")
    kind = models.CharField(max_length=5, choices=Kind)
    boxes = models.JSONField(help_text="Their numbers, in the order in which they are printed.")
    start = models.PositiveSmallIntegerField(default=1, help_text="The first label that is left on the first sheet.")
    right_mm = models.FloatField(default=0)
    down_mm = models.FloatField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    seen = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="The worker's last sign of life.")
    pages = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        verbose_name = "print-out"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "failed", "forgotten"]), name="campaigns_printrun_status"
            ),
            models.CheckConstraint(condition=Q(kind__in=["slips", "5160", "5163"]), name="campaigns_printrun_kind"),
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
                name="campaigns_printrun_finished",
            ),
            models.CheckConstraint(condition=~Q(status="done") | ~Q(file=""), name="campaigns_printrun_file"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.wave}"

    @property
    def total(self) -> int:
        """How many boxes it is for."""
        return len(self.boxes)
