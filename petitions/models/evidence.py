"""What a signature came with, for telling people from programs: seen by few, judged by nobody at the door."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models.petitions import Petition
from petitions.models.signatures import Signature

# As many as there are rows on a page of this table, of the 291 that a page could hold at most.
MANY_VALUES = "text_bloom_ops (n_distinct_per_range = -0.25)"


class SignatureEvidence(models.Model):
    """How a signature reached us. Written in its transaction: no index but the key and two BRINs.

    Addresses are erased after thirty days (`petitions.fraud.evidence`); what stays are hashes that only HASH_KEY ties
    to an address, and that tell nothing but whether two are the same.
    """

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, primary_key=True, related_name="evidence")
    # The signature's own; kept here for grouping, and checked there.
    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    signed_at = models.DateTimeField(help_text="When these details were sent; a later form for them overwrites.")
    address = models.GenericIPAddressField("network address", null=True, blank=True)
    address_hash = models.CharField(max_length=16, blank=True)
    network_hash = models.CharField(max_length=16, blank=True, help_text="Of its /24 (IPv4) or /64 (IPv6).")
    confirm_address = models.GenericIPAddressField("network address at confirming", null=True, blank=True)
    confirm_address_hash = models.CharField(max_length=16, blank=True, default="", db_default="")
    confirm_network_hash = models.CharField(max_length=16, blank=True, default="", db_default="")
    mail_domain = models.CharField(max_length=254)
    seconds = models.PositiveSmallIntegerField(
        "seconds the form took",
        null=True,
        blank=True,
        help_text="The page may be kept by caches: slow proves nothing.",
    )
    agent = models.CharField("browser", max_length=12, blank=True, help_text="Its family, no more.")
    event_code = models.CharField(max_length=20, blank=True, help_text="The event whose signed link brought them.")
    repeats = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often the same mailbox signed again; counted once all the same."
    )

    class Meta:
        verbose_name = "piece of evidence"
        verbose_name_plural = "evidence"
        permissions: ClassVar = [("review_fraud", "Can see evidence and scores, and decide about them")]
        indexes: ClassVar = [
            # A page range a line: next to nothing on the way in, and it finds an hour among years.
            BrinIndex(fields=["signed_at"], name="petitions_evidence_time", pages_per_range=32, autosummarize=True),
            # The same for where it came from: a range tells which networks it cannot hold, so that one is found in
            # a twentieth of the table. A range is filled in once, by the vacuum, so signing does not pay for it.
            BrinIndex(
                fields=["network_hash", "address_hash", "mail_domain"],
                opclasses=[MANY_VALUES, MANY_VALUES, "text_bloom_ops"],
                name="petitions_evidence_origin",
                pages_per_range=16,
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence of signature {self.pk}"


class SignatureScoreQuerySet(models.QuerySet["SignatureScore"]):
    def waiting(self) -> "SignatureScoreQuerySet":
        """Those that nobody has decided about."""
        return self.filter(decision="")


class SignatureScore(models.Model):
    """A signature that something speaks against, with what that is. It changes nothing until somebody decides."""

    class Decision(models.TextChoices):
        FINE = "fine", "fine"
        SET_ASIDE = "set-aside", "set aside"

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, primary_key=True, related_name="score")
    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+", db_index=False)
    score = models.PositiveSmallIntegerField(help_text="0 to 100: the points of its reasons together.")
    reasons = models.JSONField(default=list, help_text="Each with its rule, its points and the sentence for staff.")
    scored_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=9, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SignatureScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "signature to review"
        verbose_name_plural = "signatures to review"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=100), name="petitions_signaturescore_range"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | Q(decision__in=["fine", "set-aside"], decided_at__isnull=False),
                name="petitions_signaturescore_decision",
            ),
            models.CheckConstraint(condition=~Q(reasons=[]), name="petitions_signaturescore_reasons"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-score", "-signature"], condition=Q(decision=""), name="petitions_score_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.signature}: {self.score}"
