"""Campaign pages: what we stand for, one number, one thing to do."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.words import (
    IS_OWN_PATH,
    MARKDOWN_HELP,
    OWN_PATH,
    PICTURE_HELP,
    SPANISH_HELP,
    Illustration,
)
from csan.lib.languages import in_language, path_in_language
from csan.lib.urls import IS_HTTPS
from members.models import Picture


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def public(self) -> "CampaignQuerySet":
        """Published, in the order staff gave them."""
        return self.filter(published_at__lte=timezone.now()).order_by("position", "pk")


class Campaign(models.Model):
    """A card on the home page and the page behind it, with one thing to do."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=140)
    summary = models.CharField(max_length=300, help_text="One or two sentences, for the card on the home page.")
    body = models.TextField(blank=True, help_text=MARKDOWN_HELP)
    title_es = models.CharField("title (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    summary_es = models.CharField("summary (Spanish)", max_length=300, blank=True, help_text=SPANISH_HELP)
    body_es = models.TextField("body (Spanish)", blank=True, help_text=SPANISH_HELP)
    hashtag = models.CharField(max_length=60, blank=True, help_text="With its #.")
    action_label = models.CharField(max_length=60, help_text="What the button says, such as “Sign the petition”.")
    action_label_es = models.CharField("action label (Spanish)", max_length=60, blank=True, help_text=SPANISH_HELP)
    action_path = models.CharField(
        max_length=200,
        help_text="Where the button leads on this site, such as /petitions/save-call-center-jobs/",
        validators=[IS_OWN_PATH],
    )
    illustration = models.CharField(max_length=10, choices=Illustration, default=Illustration.MEGAPHONE)
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns", help_text=PICTURE_HELP
    )
    figure = models.CharField(max_length=12, blank=True, help_text="The one number, such as 12,000.")
    figure_label = models.CharField(max_length=140, blank=True, help_text="What it counts.")
    figure_label_es = models.CharField("figure label (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    figure_source_url = models.CharField(
        "source of the figure",
        max_length=300,
        blank=True,
        validators=[IS_HTTPS],
        help_text="Where it can be checked; begins with https://.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers stand first.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Shown from this moment; empty: not shown.")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(action_path__regex=OWN_PATH), name="campaigns_campaign_own_path"),
            models.CheckConstraint(
                condition=Q(illustration__in=Illustration.values), name="campaigns_campaign_illustration"
            ),
            models.CheckConstraint(
                condition=(~Q(figure="") & ~Q(figure_label="")) | Q(figure="", figure_label="", figure_source_url=""),
                name="campaigns_campaign_figure",
                violation_error_message=_(
                    "A figure has a label that says what it counts, and no label is without one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.slug])

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_es)

    @property
    def local_summary(self) -> str:
        """The summary in the reader's language."""
        return in_language(self.summary, self.summary_es)

    @property
    def local_body(self) -> str:
        """The Markdown in the reader's language."""
        return in_language(self.body, self.body_es)

    @property
    def local_figure_label(self) -> str:
        """What the figure counts, in the reader's language."""
        return in_language(self.figure_label, self.figure_label_es)

    @property
    def local_action_label(self) -> str:
        """What the button says in the reader's language."""
        return in_language(self.action_label, self.action_label_es)

    @property
    def local_action_path(self) -> str:
        """Where the button leads, in the reader's language."""
        return path_in_language(self.action_path)
