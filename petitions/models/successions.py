"""When a bill dies with its Congress: petitions that moved on to the next one, and signers who said yes to it anew."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from petitions.models.measures import Measure
from petitions.models.petitions import Petition, PetitionVersion
from petitions.models.signatures import Signature


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def due(self) -> "SuccessionQuerySet":
        """Those whose signers have not all been asked yet."""
        return self.filter(finished_at=None)


class Succession(models.Model):
    """A petition asks for one more measure from now on. Who signed before is asked by letter, never moved."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="successions", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="successions")
    version = models.ForeignKey(
        PetitionVersion, on_delete=models.CASCADE, related_name="+", help_text="The first text that asks for it."
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)
    candidates = models.PositiveIntegerField(default=0, help_text="Confirmed signatures when it moved.")
    seen = models.PositiveIntegerField(default=0, help_text="Of them, those looked at.")
    asked = models.PositiveIntegerField(default=0, help_text="Letters written.")
    last_pk = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "measure"], name="petitions_succession_once"),
            models.CheckConstraint(condition=Q(asked__lte=F("seen")), name="petitions_succession_asked"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="petitions_succession_due"),
        ]

    def __str__(self) -> str:
        return f"{self.petition}: {self.measure}"


class Reaffirmation(models.Model):
    """A signer asks for this measure, too. Their signature keeps the text and the measures it was given for."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="reaffirmations", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="reaffirmations")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signature", "measure"], name="petitions_reaffirmation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id}: {self.measure}"
