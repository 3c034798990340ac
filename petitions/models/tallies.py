"""The tallies of signatures: what has been summed, and what waits to be. And the steps that a count has passed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """By what signatures are counted. `value` says which part: empty for the total, and where the part is unknown.

    A new one needs a column of TallyDelta, a line in `petitions.counting`, and the CHECK of Tally.
    """

    TOTAL = "total", _("total")
    STATE = "state", _("state")
    DISTRICT = "district", "district"
    LOCAL = "local", "local"  # its number in our list
    SOURCE = "source", "source"  # a source code; all codes of signers together are `friends`
    CODE = "code", "signer's code"  # each of those by itself
    DAY = "day", "day"  # of confirming, in the site's time zone


class TallyDelta(models.Model):
    """+1 or -1 with everything that it counts in, written in the transaction of the change it stands for.

    One row a change, however many tallies it moves: confirming stays one INSERT. It lives until it is drained. No
    index but the key: rows come by the thousand and are only ever taken all at once. `local` is a number without a
    foreign key, whose check would cost every confirmation a look-up.
    """

    petition = models.ForeignKey("petitions.Petition", on_delete=models.CASCADE, related_name="+", db_index=False)
    amount = models.SmallIntegerField()
    state = models.CharField(max_length=2, blank=True, default="", db_default="")
    district = models.CharField(max_length=5, blank=True, default="", db_default="")
    local = models.BigIntegerField(null=True, blank=True)
    source_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__in=[1, -1]), name="petitions_tallydelta_amount"),
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
            models.CheckConstraint(
                condition=Q(dimension__in=["total", "state", "district", "local", "source", "code", "day"]),
                name="petitions_tally_dimension",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.dimension} {self.value}: {self.count}"


class Milestone(models.Model):
    """A petition's count has passed a round number. Told once, also where the count falls back and passes it again."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    step = models.PositiveIntegerField(help_text="The round number, such as 5,000.")
    passed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "step"], name="petitions_milestone_once"),
            models.CheckConstraint(condition=Q(step__gt=0), name="petitions_milestone_step"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}: {self.step}"
