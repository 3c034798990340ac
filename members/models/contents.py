"""What an issue carries: sections in order, each with its items, some of them for some readers only."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from csan.lib.languages import Said, in_language
from csan.lib.rich import RichTextField
from members.models.editing import Edited
from members.models.issues import Issue
from members.models.pictures import Picture
from members.models.posts import Post

IS_LINK = RegexValidator(
    r"\A(?:https?://[^\s/]\S*|/(?:[^/\\\s][^\\\s]*)?)\Z",
    _("Write a whole address that begins with https://, or a path on this site that begins with one slash."),
)


class Section(Edited):
    """A part of an issue under a heading of its own, or under that of its kind."""

    class Kind(models.TextChoices):
        ACTIONS = "actions", _("Upcoming actions")
        BARGAINING = "bargaining", _("Bargaining updates")
        STORIES = "stories", _("Members' stories")
        OFFERS = "offers", _("What you can do")
        WORDS = "words", _("Words")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=12, choices=Kind)
    heading = models.CharField(max_length=120, blank=True, help_text="Empty: what its kind is called.")
    heading_es = models.CharField("heading (Spanish)", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_dropped = models.BooleanField(default=False, help_text="Left out with all that is in it.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["actions", "bargaining", "stories", "offers", "words"]),
                name="members_section_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.heading or str(self.get_kind_display())

    @property
    def local_heading(self) -> Said | str:
        """The heading in the reader's language; of words without one, none."""
        if self.heading:
            return in_language(self.heading, self.heading_es)
        return "" if self.kind == Section.Kind.WORDS else str(self.get_kind_display())


class IssueItem(Edited):
    """One thing in an issue: a post, an offer of a campaign or petition, or words of its own.

    Of a post, heading and body stand in for its title and summary where they are written. `audience` says who sees it.
    """

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        LOCAL = "local", _("members of these locals")
        DISTRICT = "district", _("members in these districts")
        EMPLOYER = "employer", _("people who work for")
        STATE = "state", _("people in these states")
        UNDONE = "undone", _("people who have not yet")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="issue_items")
    offer = models.CharField(max_length=120, blank=True, help_text="The name of an offer in the registry.")
    heading = models.CharField(max_length=140, blank=True)
    heading_es = models.CharField("heading (Spanish)", max_length=140, blank=True)
    body = RichTextField(blank=True)
    body_es = RichTextField("body (Spanish)", blank=True)
    link = models.CharField(
        max_length=500, blank=True, validators=[IS_LINK], help_text="Where “read on” leads; a post has its own."
    )
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    audience_of = models.CharField(
        max_length=300, blank=True, help_text="Which ones, with commas between them: 1101, 6327 · AT&T · TX, OK."
    )
    is_suggested = models.BooleanField(
        default=False, editable=False, help_text="The draft put it here, and may take it away again."
    )
    is_pinned = models.BooleanField(default=False, help_text="Stays where it is when the draft is made anew.")
    is_dropped = models.BooleanField(default=False, help_text="Left out, and not suggested for this issue again.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "post"], name="members_issueitem_once"),
            models.UniqueConstraint(
                fields=["issue", "offer"], condition=~Q(offer=""), name="members_issueitem_offer_once"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=True) | Q(offer=""), name="members_issueitem_post_or_offer"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | ~Q(heading="") | ~Q(body=""), name="members_issueitem_says_something"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["everyone", "local", "district", "employer", "state", "undone"]),
                name="members_issueitem_audience",
            ),
            models.CheckConstraint(
                condition=Q(audience="everyone", audience_of="") | (~Q(audience="everyone") & ~Q(audience_of="")),
                name="members_issueitem_audience_of",
                violation_error_message=_("Say which ones see it, or choose everyone."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading or (self.post.title if self.post else "") or "…"

    @property
    def is_for_some(self) -> bool:
        """Whether not everybody sees it."""
        return self.audience != IssueItem.Audience.EVERYONE
