"""What goes to Congress: packets frozen at a moment, the visits they went along to, what members say about a petition.

A packet names its signatures and copies none of their names: what a signer corrects or erases is corrected and erased
here too, and a packet that is made again says whether it is still the same.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.congress import IS_NUMBER, Legislator
from petitions.models.measures import Measure
from petitions.models.petitions import Petition, PetitionVersion
from petitions.models.signatures import Signature

IS_SEAT = rf"^[A-Z]{{2}}(-{IS_NUMBER[1:-1]})?$"
IS_DIGEST = r"^([0-9a-f]{64})?$"


class Referral(models.Model):
    """A committee that has a measure before it: its members can be asked to mark the bill up."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="referrals", db_index=False)
    committee = models.CharField(max_length=10, help_text="Its code, such as HSIF; subcommittees have longer ones.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "committee"], name="petitions_referral_once"),
        ]

    def __str__(self) -> str:
        return self.committee


class Position(models.Model):
    """Where a member stood on a day, as somebody heard it. Rows are only ever added: the newest one holds."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "supports it"
        LEANS = "leans", "leans toward it"
        UNDECIDED = "undecided", "undecided"
        OPPOSES = "opposes", "opposes it"
        UNKNOWN = "unknown", "not known"

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="positions", db_index=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="positions", db_index=False)
    stance = models.CharField(max_length=9, choices=Stance)
    note = models.CharField(max_length=300, blank=True, help_text="Who said it, and how.")
    on = models.DateField(help_text="The day it was said.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stance__in=["supports", "leans", "undecided", "opposes", "unknown"]),
                name="petitions_position_stance",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["petition", "legislator", "-on", "-id"], name="petitions_position_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.legislator}: {self.get_stance_display()}"


class PacketRunQuerySet(models.QuerySet["PacketRun"]):
    def due(self) -> "PacketRunQuerySet":
        """Those that a worker may go on with now."""
        return self.filter(
            Q(resumes_at__isnull=True) | Q(resumes_at__lte=timezone.now()), status=PacketRun.Status.RUNNING
        )


class PacketRun(models.Model):
    """Packets for many members, made in the background, one after the other."""

    class Status(models.TextChoices):
        RUNNING = "running", "being made"
        DONE = "done", "ready"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"
        FORGOTTEN = "forgotten", "files deleted"

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="packet_runs")
    terms = models.JSONField(help_text="Whom for: the keys of their terms, in order.")
    seen = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    resumes_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PacketRunQuerySet.as_manager()

    class Meta:
        verbose_name = "round of packets"
        verbose_name_plural = "rounds of packets"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "cancelled", "failed", "forgotten"]),
                name="petitions_packetrun_status",
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
                name="petitions_packetrun_finished",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(reason=""), name="petitions_packetrun_explained"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(status="running"), name="petitions_packetrun_under_way"),
        ]

    def __str__(self) -> str:
        return f"Packets of {self.created_at:%Y-%m-%d}"


class Packet(models.Model):
    """What one member gets: the signatures of their seat as they stood at a moment, counted and hashed.

    `digest` is the SHA-256 of the annex as a CSV file. The files are deleted after thirty days; count and digest stay.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="packets", db_index=False)
    version = models.ForeignKey(PetitionVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="packets")
    run = models.ForeignKey(PacketRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="packets")
    code = models.CharField(max_length=10, unique=True, help_text="Of the public page that verifies it.")
    seat = models.CharField(max_length=5, help_text="Such as AZ-03, or AZ for a senator.")
    count = models.PositiveIntegerField(default=0, help_text="Signatures in the annex.")
    on_paper = models.PositiveIntegerField(default=0, help_text="Beside them, attested on paper.")
    facts = models.JSONField(default=dict, help_text="What the cover says, as it was then.")
    story_ids = models.JSONField(default=list, help_text="Whose comments it carries.")
    digest = models.CharField(max_length=64, blank=True)
    pdf = models.CharField(max_length=100, blank=True)
    annex = models.CharField(max_length=100, blank=True)
    frozen_at = models.DateTimeField(default=timezone.now)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="When its files were deleted.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        permissions: ClassVar = [("download_packet", "Can make and download packets with signers' names")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z2-9]{10}$"), name="petitions_packet_code"),
            models.CheckConstraint(condition=Q(seat__regex=IS_SEAT), name="petitions_packet_seat"),
            models.CheckConstraint(condition=Q(digest__regex=IS_DIGEST), name="petitions_packet_digest"),
            models.CheckConstraint(
                condition=Q(pdf="", annex="") | (~Q(pdf="") & ~Q(annex="") & ~Q(digest="")),
                name="petitions_packet_files",
            ),
            models.CheckConstraint(condition=Q(forgotten_at=None) | Q(pdf=""), name="petitions_packet_forgotten"),
            models.UniqueConstraint(fields=["run", "legislator"], name="petitions_packet_once_a_run"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["petition", "legislator", "-id"], name="petitions_packet_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.facts.get('member') or self.seat}, {timezone.localdate(self.frozen_at):%Y-%m-%d}"


class PacketSignature(models.Model):
    """A signature that stands in a packet's annex."""

    packet = models.ForeignKey(Packet, on_delete=models.CASCADE, related_name="lines", db_index=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["packet", "signature"], name="petitions_packetsignature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.packet_id}: {self.signature_id}"


class Delivery(models.Model):
    """The petition was brought before a member: when, how, by whom, with what, and what they answered."""

    class How(models.TextChoices):
        IN_PERSON = "in-person", _("in person")
        MAIL = "mail", _("by mail")
        CWC = "cwc", _("through Communicating with Congress")
        EMAIL = "email", _("by e-mail to their staff")

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    seat = models.CharField(max_length=5)
    on = models.DateField()
    how = models.CharField(max_length=9, choices=How)
    to = models.CharField(max_length=200, blank=True, help_text="Who took it: the member, or whom of their staff.")
    count = models.PositiveIntegerField(help_text="Signatures of the seat that were delivered, or that stood then.")
    digest = models.CharField(max_length=64, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    answer = models.TextField(max_length=4000, blank=True, help_text="What the member answered.")
    answered_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(how__in=["in-person", "mail", "cwc", "email"]), name="petitions_delivery_how"
            ),
            models.CheckConstraint(condition=Q(seat__regex=IS_SEAT), name="petitions_delivery_seat"),
            models.CheckConstraint(condition=Q(digest__regex=IS_DIGEST), name="petitions_delivery_digest"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="petitions_delivery_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["petition", "legislator", "-on", "-id"], name="petitions_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.legislator}, {self.on}"
