"""Newsletter issues: their words, their state, who approved them, what was corrected after sending."""

from datetime import datetime, time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from csan.lib.languages import Said, in_language
from csan.lib.rich import RichTextField
from members.models.editing import Edited


class IssueQuerySet(models.QuerySet["Issue"]):
    def public(self) -> "IssueQuerySet":
        """Issues that went out or are going out, newest first."""
        return self.filter(frozen_at__isnull=False).exclude(status=Issue.Status.CANCELLED).order_by("-number")

    def under_way(self) -> "IssueQuerySet":
        """Issues whose letters are leaving, or wait for somebody to let them go on."""
        return self.filter(status__in=Issue.UNDER_WAY)


class Issue(Edited):
    """An issue of the newsletter.

    draft → in review → approved → scheduled → (frozen) canary → sending ⇄ paused → sent | needs attention | cancelled.
    Until it is frozen its words may change, which takes it back to draft; freezing fixes words and recipients.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        CANARY = "canary", _("first letters")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        ATTENTION = "attention", _("needs attention")
        CANCELLED = "cancelled", _("cancelled")

    BEFORE = (Status.DRAFT, Status.REVIEW, Status.APPROVED, Status.SCHEDULED)
    LEAVING = (Status.CANARY, Status.SENDING)
    UNDER_WAY = (Status.CANARY, Status.SENDING, Status.PAUSED)
    OVER = (Status.SENT, Status.ATTENTION, Status.CANCELLED)

    number = models.PositiveIntegerField(unique=True)
    due_on = models.DateField("planned for", null=True, blank=True, help_text="The day it is to go out.")
    subject = models.CharField(max_length=120)
    intro = RichTextField(blank=True, help_text="What opens the issue.")
    subject_es = models.CharField("subject (Spanish)", max_length=120, blank=True)
    intro_es = RichTextField("intro (Spanish)", blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    is_self_made = models.BooleanField(default=False, editable=False, help_text="Drafted by the calendar.")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who asked for its review, and is told what happens to it.",
    )
    scheduled_for = models.DateTimeField(null=True, blank=True, editable=False)
    candidates = models.PositiveIntegerField(default=0, editable=False, help_text="People the issue was frozen for.")
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_blocks = models.JSONField(
        default=list, editable=False, help_text="The items for some readers, in the order of their bits."
    )
    revision = models.PositiveSmallIntegerField(default=1, editable=False, help_text="1 as frozen; each fix adds one.")
    canary_until = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The number of the last letter that goes before the others."
    )
    canary_settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    pause_reason = models.CharField(max_length=400, blank=True, editable=False)
    tolerated = models.JSONField(
        default=dict, editable=False, help_text="The faults that staff knew of when they let it go on."
    )
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("approve_issue", "Can approve issues that others wrote")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft", "review", "approved", "scheduled", "canary", "sending", "paused", "sent", "attention",
                        "cancelled",
                    ]
                ),
                name="members_issue_status",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "approved", "scheduled"], frozen_at__isnull=True)
                | (~Q(status__in=["draft", "review", "approved", "scheduled"]) & Q(frozen_at__isnull=False)),
                name="members_issue_frozen",
            ),
            models.CheckConstraint(
                condition=Q(status="scheduled", scheduled_for__isnull=False)
                | Q(status__in=["draft", "review", "approved"], scheduled_for__isnull=True)
                | ~Q(status__in=["draft", "review", "approved", "scheduled"]),
                name="members_issue_scheduled",
            ),
            models.CheckConstraint(
                condition=~Q(status="canary") | Q(canary_until__isnull=False), name="members_issue_canary"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "attention", "cancelled"], finished_at__isnull=False)
                | (~Q(status__in=["sent", "attention", "cancelled"]) & Q(finished_at__isnull=True)),
                name="members_issue_finished",
            ),
            models.UniqueConstraint(
                fields=["due_on"],
                condition=~Q(status="cancelled"),
                name="members_issue_one_a_day",
                violation_error_message=_("Another issue is planned for that day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"No. {self.number}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("members:issue", args=[self.number])

    @property
    def planned_for(self) -> datetime | None:
        """When it would go out: as scheduled, else at noon of the day it is planned for, if that is to come."""
        if self.scheduled_for or not self.due_on:
            return self.scheduled_for
        noon = timezone.make_aware(datetime.combine(self.due_on, time(12)))
        return noon if noon > timezone.now() else None

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def local_subject(self) -> Said:
        """The subject in the reader's language, English where there is no other."""
        return in_language(self.subject, self.subject_es)

    @property
    def local_intro(self) -> Said:
        """The intro in the reader's language, as HTML; English where there is no other."""
        return in_language(self.intro, self.intro_es)


class CalendarDay(models.Model):
    """A day of the newsletter's calendar that has had its draft. It gets no other, wherever staff put it."""

    day = models.DateField(unique=True)
    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.day.isoformat()


class Approval(models.Model):
    """Somebody's yes to exactly these words. An edit withdraws it; the words stay, to show what changed since."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, help_text="Of everything the issue would say to anybody.")
    words = models.JSONField(help_text="What it said, as plain text by language.")
    approved_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(withdrawn_at__isnull=True), name="members_approval_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue} by {self.by}"


class Correction(models.Model):
    """A fix of an issue after it was frozen: who is yet to get it gets it, the archive shows it with the note."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="corrections")
    frozen_blocks = models.JSONField(
        default=list, editable=False, help_text="The items for some readers, in the order of their bits."
    )
    revision = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, help_text="What was wrong, for readers.")
    note_es = models.CharField("note (Spanish)", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "revision"], name="members_correction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.issue}, revision {self.revision}"

    @property
    def local_note(self) -> Said:
        """The note in the reader's language."""
        return in_language(self.note, self.note_es)
