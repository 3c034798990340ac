"""Posts: actions, bargaining updates, members' stories."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.people import LANGUAGE_CHOICES
from members.models.pictures import Picture


class PostQuerySet(models.QuerySet["Post"]):
    def public(self) -> "PostQuerySet":
        """Published, and past their embargo if they have one."""
        now = timezone.now()
        return self.filter(Q(embargo_until__isnull=True) | Q(embargo_until__lte=now), published_at__lte=now)

    def upcoming(self) -> "PostQuerySet":
        """Public actions that have not begun, soonest first."""
        return self.public().filter(kind=Post.Kind.ACTION, starts_at__gte=timezone.now()).order_by("starts_at")


class Post(models.Model):
    """A piece of news. An action has a date, a bargaining update an employer, a story an author."""

    class Kind(models.TextChoices):
        ACTION = "action", _("action")
        BARGAINING = "bargaining", _("bargaining update")
        STORY = "story", _("member story")

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=140)
    slug = models.SlugField(max_length=140, unique=True)
    summary = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences, for lists and the newsletter."
    )
    body = models.TextField(help_text="Markdown: blank lines part paragraphs, **bold**, [text](https://address).")
    byline = models.CharField(max_length=140, blank=True, help_text="Who wrote it, as it should be printed.")
    employer = models.CharField(max_length=100, blank=True, help_text="For a bargaining update: whom we bargain with.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="For an action: when it begins.")
    place = models.CharField(max_length=200, blank=True, help_text="For an action: where.")
    language = models.CharField(
        max_length=2, choices=LANGUAGE_CHOICES, default="en", help_text="In which it is written."
    )
    picture = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        help_text="Stands for the drawing of its kind.",
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.SUBMITTED, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="Not shown before this moment.")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["action", "bargaining", "story"]), name="members_post_kind"),
            models.CheckConstraint(
                condition=Q(status__in=["submitted", "approved", "published"]), name="members_post_status"
            ),
            models.CheckConstraint(
                condition=Q(kind="action", starts_at__isnull=False) | (~Q(kind="action") & Q(starts_at__isnull=True)),
                name="members_post_action_starts",
                violation_error_message=_("An action has a time when it begins, and only an action has one."),
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at__isnull=True)),
                name="members_post_published",
            ),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="members_post_language"),
            models.CheckConstraint(
                condition=~Q(slug="submit"),
                name="members_post_slug_is_free",
                violation_error_message="A page of ours stands at this address. Please choose another.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:post", args=[self.slug])

    @property
    def illustration(self) -> str:
        """The drawing that it is shown with where it has no photo."""
        return ILLUSTRATIONS[Post.Kind(self.kind)]


ILLUSTRATIONS = {Post.Kind.ACTION: "megaphone", Post.Kind.BARGAINING: "table", Post.Kind.STORY: "quote"}
