"""What the fraud desk knows beside single signatures: its limits, what trends, the figures of each petition."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models.petitions import Petition

ONLY = 1  # the key of a table's only row


class FraudLimits(models.Model):
    """From where on something is told to staff. One row; where there is none, the defaults hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    address_limit = models.PositiveIntegerField(
        "from one address, an hour", default=20, help_text="More signatures of a petition than this are remarkable."
    )
    network_limit = models.PositiveIntegerField(
        "from one network, an hour", default=100, help_text="A network is a /24 (IPv4) or a /64 (IPv6)."
    )
    haste_seconds = models.PositiveSmallIntegerField(
        "faster than people type, in seconds", default=4, help_text="Known from the form's own clock."
    )
    pattern_limit = models.PositiveIntegerField(
        "mailboxes with the same name and other digits, an hour", default=8, help_text="ann1@, ann2@, ann3@ …"
    )
    name_limit = models.PositiveIntegerField(
        "the same last name in one ZIP code, an hour", default=8, help_text="Families sign together, too."
    )
    domain_limit = models.PositiveIntegerField(
        "from one mail domain, an hour", default=50, help_text="Of domains that are nobody's public mailboxes."
    )
    trend_limit = models.PositiveIntegerField("tell staff of a domain or network from so many an hour", default=100)
    trend_factor = models.PositiveSmallIntegerField("… and so many times its usual level", default=3)
    review_score = models.PositiveSmallIntegerField("a score to review, from", default=20)

    class Meta:
        verbose_name = "limits of the fraud desk"
        verbose_name_plural = "limits of the fraud desk"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=ONLY), name="petitions_fraudlimits_one"),
            models.CheckConstraint(
                condition=Q(
                    address_limit__gte=1, network_limit__gte=1, pattern_limit__gte=2, name_limit__gte=2,
                    domain_limit__gte=1, trend_limit__gte=1, trend_factor__gte=1,
                ),
                name="petitions_fraudlimits_floor",
            ),
            models.CheckConstraint(
                condition=Q(review_score__gte=1, review_score__lte=100), name="petitions_fraudlimits_score"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return "Limits of the fraud desk"


class FraudMark(models.Model):
    """How far a job of the desk has come, or when something was done last."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"


class Trend(models.Model):
    """A mail domain or network, and how many signatures of a petition came from it in an hour."""

    class Kind(models.TextChoices):
        DOMAIN = "domain", "mail domain"
        NETWORK = "network", "network"

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="trends", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind)
    value = models.CharField(max_length=254, help_text="The domain, or the network's hash.")
    hour = models.DateTimeField(help_text="Its beginning.")
    count = models.PositiveIntegerField()
    usual = models.FloatField(default=0, help_text="What an hour of the seven days before brought on the average.")
    network = models.GenericIPAddressField(
        null=True, blank=True, help_text="One of its addresses, as long as addresses are kept."
    )
    is_remarkable = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hour", "petition", "kind", "value"], name="petitions_trend_once"),
            models.CheckConstraint(condition=Q(kind__in=["domain", "network"]), name="petitions_trend_kind"),
            models.CheckConstraint(condition=Q(count__gte=1), name="petitions_trend_count"),
            models.CheckConstraint(
                condition=Q(kind="network") | Q(network__isnull=True), name="petitions_trend_network"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}, {self.hour:%Y-%m-%d %H:%M}: {self.count}"


class FraudFigures(models.Model):
    """What all signatures of a petition have in common, counted in the background and read in no time."""

    petition = models.OneToOneField(Petition, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    numbers = models.JSONField(default=dict)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "fraud desk"
        verbose_name_plural = "fraud desk"

    def __str__(self) -> str:
        return f"Figures of {self.petition_id}"
