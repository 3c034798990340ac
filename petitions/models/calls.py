"""Calls to members of Congress, as people tell of them: numbers by day, and nothing about who called."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CallTally(models.Model):
    """How many calls to an office went how on a day, because of a petition."""

    class Outcome(models.TextChoices):
        TALKED = "talked", _("I talked with somebody")
        MESSAGE = "message", _("I left a message")
        NOBODY = "nobody", _("Nobody answered")

    petition = models.ForeignKey("petitions.Petition", on_delete=models.CASCADE, related_name="calls", db_index=False)
    legislator = models.ForeignKey("petitions.Legislator", on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=7, choices=Outcome)
    made_on = models.DateField(default=timezone.localdate)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "calls"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["petition", "legislator", "made_on", "outcome"], name="petitions_calltally_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["talked", "message", "nobody"]), name="petitions_calltally_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legislator}, {self.made_on}: {self.count} × {self.outcome}"
