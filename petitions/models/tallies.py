"""The tallies of signatures: what has been summed, and what waits to be."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """By what signatures are counted. `value` says which part: empty for the total, and for an unknown state.

    A new one needs a line in `petitions.tallies.PARTS` and in `parts_of`, and both CHECKs below.
    """

    TOTAL = "total", _("total")
    STATE = "state", _("state")


class TallyDelta(models.Model):
    """+1 or -1, written in the transaction of the change that it counts; lives until it is drained into its tally.

    No index but the key: rows come by the thousand and are only ever taken all at once.
    """

    petition = models.ForeignKey("petitions.Petition", on_delete=models.CASCADE, related_name="+", db_index=False)
    dimension = models.CharField(max_length=12, choices=Dimension, default=Dimension.TOTAL)
    value = models.CharField(max_length=40, blank=True, default="")
    amount = models.SmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__in=[1, -1]), name="petitions_tallydelta_amount"),
            models.CheckConstraint(
                condition=Q(dimension__in=["total", "state"]), name="petitions_tallydelta_dimension"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d}"


class Tally(models.Model):
    """How many confirmed signatures, as far as drained. Read it with the deltas: `Petition.objects.counted()`.

    It may be below zero where something went wrong; refusing that would stop the drain, the recount repairs it.
    """

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    dimension = models.CharField(max_length=12, choices=Dimension, default=Dimension.TOTAL)
    value = models.CharField(max_length=40, blank=True, default="")
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "dimension", "value"], name="petitions_tally_once"),
            models.CheckConstraint(condition=Q(dimension__in=["total", "state"]), name="petitions_tally_dimension"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.dimension} {self.value}: {self.count}"
