"""What an issue froze to: its words by language and variant, the links in them, and whether those links work."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.issues import Issue
from members.models.people import LANGUAGE_CHOICES

PUBLIC = "public"


class Rendition(models.Model):
    """An issue's words in one language, rendered once, with a hole where each person's own links will stand.

    `variant` says which of the items for some readers it has: a number whose bits stand for them in order, or PUBLIC
    for the archive's, which has none of them and is sent to nobody. A fix makes a new `revision`. A test rendition is
    made for the eyes of staff; the others are what the issue froze to. Rows never change.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    variant = models.CharField(max_length=12, default="0")
    revision = models.PositiveSmallIntegerField(default=1)
    is_test = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True, help_text="Of the whole issue it was made from.")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    contents = models.JSONField(default=dict, help_text="The same as data, for the archive's page.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "language", "variant", "revision"],
                condition=Q(is_test=False),
                name="members_rendition_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue} [{self.language}]"


class IssueLink(models.Model):
    """A link of an issue, which letters reach by way of us: counted in total, never by person."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="links")
    code = models.CharField(max_length=16, unique=True)
    url = models.URLField(max_length=900)
    people = models.PositiveIntegerField(default=0)
    bots = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "url"], name="members_issuelink_once")]

    def __str__(self) -> str:
        return self.url


class LinkCheck(models.Model):
    """What a worker found when it last looked where a link leads."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not looked at yet")
        FINE = "fine", _("works")
        DEAD = "dead", _("dead")
        UNKNOWN = "unknown", _("could not be checked")

    url = models.URLField(max_length=900, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    detail = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "fine", "dead", "unknown"]), name="members_linkcheck_state"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(checked_at__isnull=False), name="members_linkcheck_checked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.get_state_display()}"
