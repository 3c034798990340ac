"""Signers who say that their signature stands for the bill that came after the one they signed for."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Reaffirmation(models.Model):
    """A signer's own yes to a later bill. Nothing is moved silently: without a row the signature stands as it was."""

    signature = models.ForeignKey(
        "petitions.Signature", on_delete=models.CASCADE, related_name="reaffirmations", db_index=False
    )
    measure = models.ForeignKey("petitions.Measure", on_delete=models.CASCADE, related_name="reaffirmations")
    reaffirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signature", "measure"], name="petitions_reaffirmation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id}: {self.measure}"
