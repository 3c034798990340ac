"""What the staff's desk remembers: whose districts are whose, and which doubts about a registration are settled."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.registrations import Registration


class StaffDistricts(models.Model):
    """The districts that somebody of the staff looks after. Who has no such row, and every superuser, sees all."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_districts")
    districts = ArrayField(
        models.CharField(max_length=8), help_text="As in the directory of locals, with commas: 1, 2-13, 3."
    )

    class Meta:
        verbose_name = "districts of staff"
        verbose_name_plural = "districts of staff"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(districts=[]), name="campaigns_staffdistricts_some"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.districts)}"


class SettledReason(models.Model):
    """Staff looked at a doubt about a registration, and it is none. What changes afterwards brings it back."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="settled_reasons", db_index=False
    )
    code = models.CharField(max_length=20, help_text="Of the reason: as the queue calls it.")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "code"], name="campaigns_settledreason_once"),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.code}"
