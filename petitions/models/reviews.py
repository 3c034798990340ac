"""Looking the districts of signatures up again: once after each import, and once when a new Congress begins."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DistrictReviewQuerySet(models.QuerySet["DistrictReview"]):
    def due(self) -> "DistrictReviewQuerySet":
        """Those that have not come to the end of the signatures."""
        return self.filter(finished_at=None)


class DistrictReview(models.Model):
    """One walk through all confirmed signatures, part by part, since what ZIP codes tell has changed."""

    class Reason(models.TextChoices):
        IMPORT = "import", "districts were imported"
        CONGRESS = "congress", "a new Congress began"

    reason = models.CharField(max_length=8, choices=Reason)
    congress = models.PositiveSmallIntegerField(help_text="The one that was imported, or began.")
    begun_at = models.DateTimeField(default=timezone.now)
    last_pk = models.BigIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0, help_text="Signatures looked up again.")
    changed = models.PositiveIntegerField(default=0, help_text="Those that are in another district, or in none, now.")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DistrictReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__in=["import", "congress"]), name="petitions_districtreview_reason"
            ),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(reason="congress"), name="petitions_districtreview_congress"
            ),
            models.CheckConstraint(condition=Q(changed__lte=F("looked")), name="petitions_districtreview_changed"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="petitions_districtreview_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.congress})"
