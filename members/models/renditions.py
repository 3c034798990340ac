"""What an issue froze to: its words by language and variant, the links in them, and whether those links work."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, When
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
    stems = models.GeneratedField(  # by a function of the database, which a migration makes
        expression=Case(
            When(
                variant=PUBLIC,
                is_test=False,
                then=Func(
                    "language", "contents", function="members_issue_stems", output_field=SearchVectorField(null=True)
                ),
            ),
            default=None,
        ),
        output_field=SearchVectorField(null=True),
        db_persist=True,
        help_text="Of the archive's page, for its search: the subject weighs most, then headings, then the rest.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "language", "variant", "revision"],
                condition=Q(is_test=False),
                name="members_rendition_once",
            ),
        ]
        # Without it every search reads the stems of all issues: 45 ms at 500, 450 ms at 5,000; with it, under 10 ms.
        indexes: ClassVar = [GinIndex(fields=["stems"], name="members_rendition_stems")]

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


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def waiting(self) -> "LinkCheckQuerySet":
        """Those that a worker has yet to look at, for the first time or anew."""
        return self.filter(Q(checked_at__isnull=True) | Q(asked_at__gt=F("checked_at")))


class LinkCheck(models.Model):
    """What a worker found when it last looked where a link leads.

    It is looked at anew when `asked_at` is later than `checked_at`; until then the last answer stands. `claimed_at`
    says that a worker is at it. A link that could not be checked may be accepted by somebody who opened it themselves.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not looked at yet")
        FINE = "fine", _("works")
        DEAD = "dead", _("dead")
        UNKNOWN = "unknown", _("could not be checked")

    url = models.URLField(max_length=900, unique=True)
    host = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    detail = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "fine", "dead", "unknown"]), name="members_linkcheck_state"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(checked_at__isnull=False), name="members_linkcheck_checked"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(state="unknown"), name="members_linkcheck_accepted"
            ),
            models.UniqueConstraint(
                fields=["host"],
                condition=Q(claimed_at__isnull=False),
                name="members_linkcheck_one_at_a_host",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.get_state_display()}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has yet to look, for the first time or anew."""
        return self.checked_at is None or self.asked_at > self.checked_at
