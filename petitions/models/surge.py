"""The switches for a day on which more people come than ever."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models.fraud import ONLY


class Surge(models.Model):
    """What is switched off for now. One row; where there is none, everything is on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    is_paused = models.BooleanField(
        "pause signing", default=False, help_text="Nobody can sign; who has signed can still confirm."
    )
    pause_message = models.CharField(
        max_length=300, blank=True, help_text="What people read instead of the form. Empty: a plain sentence of ours."
    )
    pause_message_es = models.CharField("pause message (Spanish)", max_length=300, blank=True)
    looks_up_districts = models.BooleanField(
        "look up districts",
        default=True,
        help_text="Off: who confirms gets no district for now. It is filled in when this is on again.",
    )
    shows_maps = models.BooleanField("show maps", default=True)
    count_seconds = models.PositiveSmallIntegerField(
        "seconds between counts", default=5, help_text="How old the number in public may be."
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "surge switches"
        verbose_name_plural = "surge switches"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=ONLY), name="petitions_surge_one"),
            models.CheckConstraint(
                condition=Q(count_seconds__gte=1, count_seconds__lte=600), name="petitions_surge_count_seconds"
            ),
        ]

    def __str__(self) -> str:
        return "Surge switches"
