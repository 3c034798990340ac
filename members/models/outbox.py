"""The outbox: a letter is a row before it is a message, and the row says what became of it."""

import hmac
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.issues import Issue
from members.models.people import LANGUAGE_CHOICES, Subscription
from members.models.renditions import Rendition


class MessageQuerySet(models.QuerySet["Message"]):
    def open(self) -> "MessageQuerySet":
        """Letters whose end is not known yet."""
        return self.filter(status__in=Message.OPEN)

    def due_by_issue(self, lane: str) -> list[tuple[int | None, "MessageQuerySet"]]:
        """Letters of a lane that may be sent now: an issue's number and its letters, oldest issue first.

        An issue at a time, so that the million letters of a paused one are never walked through. Of one whose first
        letters go alone, only those.
        """
        waiting = self.filter(status=Message.Status.QUEUED, lane=lane, available_at__lte=timezone.now())
        if lane == Message.Lane.TRANSACTIONAL:
            return [(None, waiting)]
        leaving = Issue.objects.filter(status__in=Issue.LEAVING).order_by("frozen_at")
        return [
            (pk, waiting.filter(issue=pk, pk__lte=last) if status == Issue.Status.CANARY else waiting.filter(issue=pk))
            for pk, status, last in leaving.values_list("pk", "status", "canary_until")
        ]

    def is_any_due(self, lane: str) -> bool:
        """Whether a sender would find something."""
        return any(waiting.exists() for _, waiting in self.due_by_issue(lane))


class Message(models.Model):
    """One letter to one person.

    `key` says what it is for and is unique: asking for the same letter twice writes it once. Its words are a
    template with its context, or the rendition of an issue. queued → claimed → accepted | skipped | refused |
    failed | uncertain; every way out carries its `reason` in words.
    """

    class Lane(models.TextChoices):
        TRANSACTIONAL = "transactional", _("letter somebody waits for")
        BULK = "bulk", _("newsletter")

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("in a sender's hands")
        ACCEPTED = "accepted", _("accepted by the mail service")
        SKIPPED = "skipped", _("skipped")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("uncertain")

    class Delivery(models.TextChoices):
        NONE = "", _("nothing heard")
        DEFERRED = "deferred", _("delayed")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("complained")

    OPEN = (Status.QUEUED, Status.CLAIMED)
    # Where the address of somebody stood who was erased; no such domain can exist (RFC 2606).
    ERASED_TO = "erased@erased.invalid"
    ERASED = "erased"

    key = models.CharField(max_length=120, unique=True)
    lane = models.CharField(max_length=13, choices=Lane, default=Lane.TRANSACTIONAL)
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    to = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=32)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en")
    template = models.CharField(max_length=60, blank=True)
    context = models.JSONField(default=dict)
    rendition = models.ForeignKey(Rendition, on_delete=models.PROTECT, null=True, blank=True)
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", db_index=False
    )
    subscription = models.ForeignKey(Subscription, on_delete=models.SET_NULL, null=True, blank=True)
    available_at = models.DateTimeField(default=timezone.now, help_text="Not before this moment.")
    attempts = models.PositiveSmallIntegerField(default=0)
    batch = models.UUIDField(null=True, blank=True, help_text="The sender's batch that holds or held it.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, blank=True, default=Delivery.NONE)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "letter"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(lane__in=["transactional", "bulk"]), name="members_message_lane"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "claimed", "accepted", "skipped", "refused", "failed", "uncertain"]),
                name="members_message_status",
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=["", "deferred", "delivered", "bounced", "complained"]),
                name="members_message_delivery",
            ),
            models.CheckConstraint(
                condition=Q(template="", rendition__isnull=False) | (~Q(template="") & Q(rendition__isnull=True)),
                name="members_message_words",
            ),
            models.CheckConstraint(
                condition=Q(lane="bulk", issue__isnull=False) | Q(lane="transactional", issue__isnull=True),
                name="members_message_issue",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(batch__isnull=False, claimed_at__isnull=False),
                name="members_message_claimed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "claimed"], settled_at__isnull=True)
                | (~Q(status__in=["queued", "claimed"]) & Q(settled_at__isnull=False)),
                name="members_message_settled",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "claimed", "accepted"]) | ~Q(reason=""),
                name="members_message_explained",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(status="queued", lane="transactional"),
                name="members_message_awaited",
            ),
            models.Index(
                fields=["issue", "available_at", "id"],
                condition=Q(status="queued", lane="bulk"),
                name="members_message_queued",
            ),
            models.Index(fields=["batch"], condition=Q(status="claimed"), name="members_message_in_hand"),
            models.Index(
                fields=["issue", "status", "settled_at"], condition=Q(lane="bulk"), name="members_message_progress"
            ),
            models.Index(
                fields=["issue", "delivery"],
                condition=Q(delivery__in=["bounced", "complained"]),
                name="members_message_delivery_bad",
            ),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="members_message_provider"),
            # For staff: what needs a look, and who got which letter; small, because few letters are in them.
            models.Index(
                fields=["status", "-id"],
                condition=Q(status__in=["uncertain", "failed", "refused"]),
                name="members_message_trouble",
            ),
            models.Index(fields=["email_key"], condition=Q(lane="transactional"), name="members_message_mailbox"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_erased(self) -> bool:
        """Whether whom it went to is not known any more."""
        return self.to == self.ERASED_TO

    @property
    def reference(self) -> str:
        """What the letter is called in its Message-ID and to the mail service: says nothing, cannot be guessed."""
        return reference_of(self.pk)


def reference_of(pk: int) -> str:
    """What the letter of this number is called outside."""
    return f"{pk}.{reference_seal(pk)}"


def reference_seal(pk: int) -> str:
    """Twelve characters that only we can put behind a letter's number."""
    return hmac.digest(settings.HASH_KEY.encode(), f"letter:{pk}".encode(), "sha256").hex()[:12]


class SendBatch(models.Model):
    """A sender at work: which of its letters it has begun, and what became of those that were not simply accepted.

    `begun` and `in_hand` are written before letters' words leave, so that of a killed sender's letters only those in
    hand are in doubt, one for each connection: the others up to `begun` are told by `exceptions` (or were accepted),
    those behind it were never begun. Nor were those `announced`, whose turn has not come yet.
    Taking the row away fences the sender off: it cannot begin another letter.

    The table is UNLOGGED (see its migration): a write costs no disk flush, and after a crash of the database it is
    empty, which says by itself that nothing is known about the letters it spoke of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    begun = models.BigIntegerField(default=0)
    in_hand = ArrayField(models.BigIntegerField(), default=list)
    announced = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    exceptions = models.JSONField(default=list)
    beat_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class SendBudget(models.Model):
    """One row: until when the letters that senders have taken will fill the global rate. UNLOGGED like the batches."""

    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"free at {self.free_at}"


class MailEvent(models.Model):
    """What the mail service told us about a letter. Append-only; `digest` makes a repeated webhook write once."""

    digest = models.CharField(max_length=64, unique=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    provider_id = models.CharField(max_length=200, blank=True)
    service = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    email_key = models.CharField(max_length=32, blank=True, help_text="Whose mailbox it speaks of.")
    is_permanent = models.BooleanField(default=False, help_text="Of a bounce: this mailbox will never take mail.")
    reject_reason = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=400, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["provider_id"],
                condition=Q(message__isnull=True) & ~Q(provider_id=""),
                name="members_mailevent_orphan",
            ),
            models.Index(
                fields=["email_key"],
                condition=Q(kind__in=["bounced", "delivered", "opened", "clicked"]),
                name="members_mailevent_mailbox",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.service}"


class LetterCount(models.Model):
    """How many letters of an issue are in a state, as far as it was summed up; see `outbox/counting.py`."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    status = models.CharField(max_length=9, choices=Message.Status)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "status"], name="members_lettercount_once")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.status}: {self.count}"


class LetterCountDelta(models.Model):
    """A change of a count, written by the database itself in the transaction that changes letters (a trigger)."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    status = models.CharField(max_length=9, choices=Message.Status)
    amount = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["issue", "at"], name="members_lettercountdelta_at")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.status}: {self.amount:+}"
