"""Signatures that are set aside by condition: what was asked, how far it is, and exactly which it took."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.signatures import Signature


class InvalidationQuerySet(models.QuerySet["Invalidation"]):
    def due(self) -> "InvalidationQuerySet":
        """Jobs that a worker may go on with now."""
        return self.filter(
            Q(resumes_at__isnull=True) | Q(resumes_at__lte=timezone.now()), status__in=Invalidation.UNDER_WAY
        )


class Invalidation(models.Model):
    """A condition, counted first: counting → counted → running → done; undoing → undone gives back what it took.

    `cursor` is the key of the last signature that was looked at, `last` the last one that existed at the start: who
    signs later is not meant.
    """

    class Status(models.TextChoices):
        COUNTING = "counting", "being counted"
        COUNTED = "counted", "counted, not begun"
        RUNNING = "running", "being set aside"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"
        UNDOING = "undoing", "being taken back"
        UNDONE = "undone", "taken back"

    class Reason(models.TextChoices):
        """As the public may read it beside the count."""

        PROGRAM = "program", _("sent by a program")
        OTHERS = "others", _("signed with other people's names or addresses")
        AGAIN = "again", _("the same person more than once")
        NOBODY = "nobody", _("no person's name")
        TEST = "test", _("a test")

    UNDER_WAY = (Status.COUNTING, Status.RUNNING, Status.UNDOING)

    conditions = models.JSONField(help_text="What a signature must be like: all of it. Networks stand as hashes.")
    reason = models.CharField(max_length=7, choices=Reason)
    note = models.CharField(max_length=200, blank=True, help_text="For colleagues.")
    status = models.CharField(max_length=9, choices=Status, default=Status.COUNTED)
    counted = models.PositiveIntegerField(default=0, help_text="How many it meant when it was counted.")
    examples = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), help_text="Keys of the newest of them."
    )
    cursor = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    given_back = models.PositiveIntegerField(default=0)
    is_undoing = models.BooleanField(default=False, help_text="An undo has been begun.")
    attempts = models.PositiveSmallIntegerField(default=0)
    resumes_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = InvalidationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["counting", "counted", "running", "done", "cancelled", "failed", "undoing", "undone"]
                ),
                name="petitions_invalidation_status",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["program", "others", "again", "nobody", "test"]),
                name="petitions_invalidation_reason",
            ),
            # A job without a condition would take everything.
            models.CheckConstraint(condition=~Q(conditions={}), name="petitions_invalidation_conditions"),
            models.CheckConstraint(
                condition=Q(status__in=["counting", "counted", "cancelled", "failed"]) | Q(started_at__isnull=False),
                name="petitions_invalidation_started",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "cancelled", "failed", "undone"], finished_at__isnull=False)
                | (~Q(status__in=["done", "cancelled", "failed", "undone"]) & Q(finished_at__isnull=True)),
                name="petitions_invalidation_finished",
            ),
            models.CheckConstraint(condition=Q(given_back__lte=F("taken")), name="petitions_invalidation_given_back"),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure=""), name="petitions_invalidation_explained"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=["counting", "running", "undoing"]),
                name="petitions_invalidation_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Invalidation {self.pk}"


class TakenSignature(models.Model):
    """A signature that a job has set aside. While the row is open, the job holds the signature and may give it back.

    Whoever else reinstates it closes the row (`released_at`), so that an undo never touches what has moved on.
    """

    job = models.ForeignKey(Invalidation, on_delete=models.PROTECT, related_name="rows", db_index=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="takings")
    taken_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "signature set aside by condition"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "signature"], name="petitions_takensignature_once"),
            models.UniqueConstraint(
                fields=["signature"], condition=Q(released_at__isnull=True), name="petitions_takensignature_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} took {self.signature_id}"
