"""What locals say when a box has come: all is here, or what is missing."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.boxes import Box
from campaigns.models.kits import Item


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def needed(self) -> "ArrivalQuerySet":
        """Something is missing, and staff have not seen to it yet."""
        return self.filter(answer=Arrival.Answer.MISSING, settled_at=None)


class Arrival(models.Model):
    """What a local last said of a box. Staff settle what is missing; a new word of the local opens it again."""

    class Answer(models.TextChoices):
        ALL_HERE = "all-here", _("all here")
        MISSING = "missing", _("something is missing")

    box = models.OneToOneField(Box, on_delete=models.CASCADE, related_name="arrival")
    answer = models.CharField(max_length=8, choices=Answer)
    note = models.CharField(max_length=300, blank=True)
    told_by = models.CharField(max_length=100, help_text="Whose link it was said by.")
    told_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answer__in=["all-here", "missing"]), name="campaigns_arrival_answer"),
            models.CheckConstraint(
                condition=Q(answer="missing") | Q(settled_at=None), name="campaigns_arrival_settled"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(settled_by=None), name="campaigns_arrival_settled_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.box}: {self.get_answer_display()}"


class ArrivalGap(models.Model):
    """So many of an item are missing from a box."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="gaps", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["arrival", "item"], name="campaigns_arrivalgap_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="campaigns_arrivalgap_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.item}"


class OwedQuerySet(models.QuerySet["Owed"]):
    def waiting(self) -> "OwedQuerySet":
        """Those that are in no box yet."""
        return self.filter(sent_in=None)


class Owed(models.Model):
    """So many of an item were missing from a box, and staff send them after it: with the next wave, or by themselves.

    Of a box an item is sent after it once.
    """

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="owed", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    sent_in = models.ForeignKey(
        Box, on_delete=models.PROTECT, null=True, blank=True, related_name="makes_good", help_text="Empty: not yet."
    )
    accepted_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = OwedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "owed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["box", "item"], name="campaigns_owed_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="campaigns_owed_quantity"),
            models.CheckConstraint(
                condition=Q(sent_in=None) | ~Q(sent_in=models.F("box")), name="campaigns_owed_another_box"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.item} for {self.box}"
