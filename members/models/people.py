"""Locals, people, their subscriptions, and the addresses nobody may write to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from csan.lib.addresses import new_key
from csan.lib.languages import Said

LANGUAGE_CHOICES = [("en", _("English")), ("es", _("Spanish"))]


class Local(models.Model):
    """A chartered local of the union. Its number is a name: text, unique within its affiliate."""

    affiliate = models.CharField(max_length=20, default="CWA", help_text="CWA, IUE-CWA, TNG-CWA, NABET-CWA, AFA-CWA …")
    number = models.CharField(max_length=12, help_text="As the local writes it, such as 1101 or 37083.")
    name = models.CharField(max_length=120, blank=True, help_text="Only where it is not “affiliate Local number”.")
    district = models.CharField(max_length=8, blank=True, help_text="1, 2-13, 3, 4, 6, 7 or 9.")
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True, help_text="Members, as far as known.")
    is_on_leaderboard = models.BooleanField(
        "on the leaderboard",
        default=False,
        db_default=False,
        help_text="The local wants the results of petitions to show how many signed as its members.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["affiliate", "number"], name="members_local_number"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.affiliate} Local {self.number}"


class Person(models.Model):
    """Somebody we know by an e-mail address. `email_key` finds the same mailbox in any spelling."""

    email = models.EmailField(max_length=254, unique=True)
    email_key = models.CharField(max_length=32, unique=True, editable=False)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    zip_code = models.CharField("ZIP code", max_length=10, blank=True)
    local = models.ForeignKey(Local, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    local_as_written = models.CharField(max_length=100, blank=True, help_text="What the person wrote as their local.")
    employer = models.CharField(max_length=100, blank=True, help_text="For whom they work, as they write it.")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en")
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "people"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="members_person_email_lower"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="members_person_language"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        """Those who confirmed and have not left."""
        return self.filter(status=Subscription.Status.ACTIVE)

    def waiting(self) -> "SubscriptionQuerySet":
        """Those whose confirm letter has not been answered."""
        return self.filter(status=Subscription.Status.PENDING)


class Subscription(models.Model):
    """One person's yes to the newsletter: what they agreed to, when, on which page. `key` opens its private pages."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        ACTIVE = "active", _("subscribed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    class LeavingReason(models.TextChoices):
        TOO_MANY = "too-many", _("I get too many e-mails")
        NOT_FOR_ME = "not-for-me", _("It is not for me")
        CHANGED_JOBS = "changed-jobs", _("I have changed jobs or retired")
        NEVER_ASKED = "never-asked", _("I never asked for it")
        OTHER = "other", _("Something else")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="subscription")
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    wording = models.TextField(help_text="The sentence they agreed to, as it stood on the page.")
    source = models.CharField(max_length=200, help_text="The page they agreed on.")
    asked_at = models.DateTimeField(help_text="When they last asked to be subscribed; older confirm links are dead.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When they were written to once more.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    leaving_reason = models.CharField(
        max_length=12,
        choices=LeavingReason,
        blank=True,
        default="",
        db_default="",  # web processes that do not know the column yet may go on writing
        help_text="Why they left, where they chose to say it.",
    )
    leaving_words = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="The same in their own words."
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "unsubscribed"]), name="members_subscription_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(confirmed_at__isnull=False), name="members_subscription_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(status="unsubscribed", unsubscribed_at__isnull=False)
                | (~Q(status="unsubscribed") & Q(unsubscribed_at__isnull=True)),
                name="members_subscription_unsubscribed",
            ),
            models.CheckConstraint(
                condition=Q(leaving_reason__in=["", "too-many", "not-for-me", "changed-jobs", "never-asked", "other"]),
                name="members_subscription_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="unsubscribed") | Q(leaving_reason="", leaving_words=""),
                name="members_subscription_left",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(status="active"), name="members_subscription_active"),
            models.Index(fields=["confirmed_at"], condition=Q(status="active"), name="members_subscription_since"),
            models.Index(fields=["asked_at"], condition=Q(status="pending"), name="members_subscription_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_status_display()})"

    @property
    def said(self) -> Said:
        """The sentence they agreed to, in the language of the page on which it stood."""
        return Said(self.wording, "es" if self.source.startswith("/es/") else "en")


class Suppression(models.Model):
    """A mailbox nobody may write to, kept as a keyed hash so that it outlives the address it stands for."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("the mailbox does not exist")
        BOUNCING = "bouncing", _("the mailbox gave our mail back again and again")
        COMPLAINED = "complained", _("marked our mail as spam")
        ERASED = "erased", _("asked to be erased")
        STAFF = "staff", _("stopped by staff")

    # Who was erased may come back by asking anew, so only bulk mail heeds it; the others stop every letter.
    STOPS_EVERYTHING = (Reason.BOUNCED, Reason.BOUNCING, Reason.COMPLAINED, Reason.STAFF)

    email_key = models.CharField(max_length=32, unique=True)
    reason = models.CharField(max_length=12, choices=Reason)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__in=["bounced", "bouncing", "complained", "erased", "staff"]),
                name="members_suppression_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_key[:8]}… ({self.get_reason_display()})"
