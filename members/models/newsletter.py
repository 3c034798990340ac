"""Newsletter issues, and an issue's frozen words."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from csan.lib.languages import Said, in_language
from members.models.people import LANGUAGE_CHOICES
from members.models.posts import Post


class IssueQuerySet(models.QuerySet["Issue"]):
    def public(self) -> "IssueQuerySet":
        """Issues that went out or are going out, newest first."""
        return self.filter(frozen_at__isnull=False).exclude(status=Issue.Status.CANCELLED).order_by("-number")


class Issue(models.Model):
    """An issue of the newsletter. While it is a draft its words may change; freezing fixes words and recipients."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        ATTENTION = "attention", _("needs attention")
        CANCELLED = "cancelled", _("cancelled")

    number = models.PositiveIntegerField(unique=True)
    subject = models.CharField(max_length=120)
    intro = models.TextField(help_text="Markdown: what opens the issue.")
    subject_es = models.CharField("subject (Spanish)", max_length=120, blank=True, help_text="Empty: as in English.")
    intro_es = models.TextField("intro (Spanish)", blank=True, help_text="Empty: as in English.")
    posts = models.ManyToManyField(Post, through="IssueItem", related_name="issues")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    candidates = models.PositiveIntegerField(default=0, editable=False, help_text="People the issue was frozen for.")
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "sending", "paused", "sent", "attention", "cancelled"]),
                name="members_issue_status",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", frozen_at__isnull=True)
                | (~Q(status="draft") & Q(frozen_at__isnull=False)),
                name="members_issue_frozen",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "attention", "cancelled"], finished_at__isnull=False)
                | (~Q(status__in=["sent", "attention", "cancelled"]) & Q(finished_at__isnull=True)),
                name="members_issue_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"No. {self.number}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("members:issue", args=[self.number])

    @property
    def local_subject(self) -> Said:
        """The subject in the reader's language, English where there is no other."""
        return in_language(self.subject, self.subject_es)

    @property
    def local_intro(self) -> Said:
        """The Markdown of the intro in the reader's language, English where there is no other."""
        return in_language(self.intro, self.intro_es)


class IssueItem(models.Model):
    """A post's place in an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "post"], name="members_issueitem_once")]

    def __str__(self) -> str:
        return str(self.post)


class Rendition(models.Model):
    """An issue's words in one language, rendered once, with a hole where each person's own links will stand.

    A test rendition is made from a draft for the eyes of staff; the others are what the issue froze to.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    is_test = models.BooleanField(default=False)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "language"], condition=Q(is_test=False), name="members_rendition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue} [{self.language}]"
