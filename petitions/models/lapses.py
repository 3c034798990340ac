"""The day on which a petition's signers become nameless, and how far the work of that day is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models.petitions import Petition


class Lapse(models.Model):
    """One day that was set for one petition. Whoever moves the day makes another row; this one then stays as it is."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="lapses", db_index=False)
    on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(default=timezone.now)
    last_pk = models.BigIntegerField(default=0, help_text="Signatures up to this one have been looked at.")
    emptied = models.PositiveIntegerField(default=0, help_text="Signatures that were made nameless.")
    deleted = models.PositiveIntegerField(default=0, help_text="Signatures that were never confirmed, deleted.")
    on_paper = models.PositiveIntegerField(default=0, help_text="Rows of sheets that were made nameless.")
    resumes_at = models.DateTimeField(null=True, blank=True, help_text="After a part that failed.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "on"], name="petitions_lapse_once"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(resumes_at=None), name="petitions_lapse_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition}: {self.on}"
