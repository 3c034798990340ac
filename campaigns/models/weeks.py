"""Campaign pages, and the Weeks of Action with what is asked of a local."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

OWN_PATH = r"^/([^/]|$)"  # a path of this site; two slashes would begin another site's address
MARKDOWN_HELP = "Markdown: blank lines part paragraphs, **bold**, [text](https://address)."
SPANISH_HELP = "Empty: as in English."


def in_language(english: str, spanish: str) -> str:
    """The words in the reader's language, English where there are no others."""
    return spanish if spanish and get_language() == "es" else english


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
        validators=[RegexValidator(OWN_PATH, _("A path on this site begins with one slash."))],
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers stand first.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Shown from this moment; empty: not shown.")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(action_path__regex=OWN_PATH), name="campaigns_campaign_own_path"),
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
    def local_action_label(self) -> str:
        """What the button says in the reader's language."""
        return in_language(self.action_label, self.action_label_es)

    @property
    def local_action_path(self) -> str:
        """Where the button leads, in the reader's language."""
        language = get_language() or settings.LANGUAGE_CODE
        with override(settings.LANGUAGE_CODE):  # the path was written in it, and is only understood in it
            return translate_url(self.action_path, language)


class WeekQuerySet(models.QuerySet["WeekOfAction"]):
    def public(self) -> "WeekQuerySet":
        """Published, newest first."""
        return self.filter(published_at__lte=timezone.now()).order_by("-year")

    def open(self) -> "WeekQuerySet":
        """Public, and a local may register today."""
        return self.public().filter(register_by__gte=timezone.localdate())


class WeekOfAction(models.Model):
    """One year's Customer Service Week of Action. Its days are days of the program's own time zone."""

    year = models.PositiveSmallIntegerField(unique=True)
    theme = models.CharField(max_length=140)
    intro = models.TextField(help_text=MARKDOWN_HELP)
    theme_es = models.CharField("theme (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    intro_es = models.TextField("intro (Spanish)", blank=True, help_text=SPANISH_HELP)
    hashtag = models.CharField(max_length=60, blank=True, help_text="With its #.")
    register_by = models.DateField(help_text="The last day on which a local can register.")
    freeze_on = models.DateField(help_text="The last day on which a local can change its registration.")
    ship_by = models.DateField(help_text="The day by which every box has left.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    report_by = models.DateField(help_text="The day by which locals report back.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Shown from this moment; empty: not shown.")

    objects = WeekQuerySet.as_manager()

    class Meta:
        verbose_name = "Week of Action"
        verbose_name_plural = "Weeks of Action"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    register_by__lte=F("freeze_on"),
                    freeze_on__lte=F("ship_by"),
                    ship_by__lte=F("starts_on"),
                    starts_on__lte=F("ends_on"),
                    ends_on__lte=F("report_by"),
                ),
                name="campaigns_weekofaction_dates",
                violation_error_message=_(
                    "The days must come in this order: register by, freeze, ship by, start, end, report by."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Week of Action {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:week", args=[self.year])

    @property
    def local_theme(self) -> str:
        """The theme in the reader's language."""
        return in_language(self.theme, self.theme_es)

    @property
    def local_intro(self) -> str:
        """The Markdown in the reader's language."""
        return in_language(self.intro, self.intro_es)

    @property
    def is_open(self) -> bool:
        """Whether a local may register today."""
        published = self.published_at is not None and self.published_at <= timezone.now()
        return published and timezone.localdate() <= self.register_by

    @property
    def is_frozen(self) -> bool:
        """Whether registrations can no longer be changed by the locals themselves."""
        return timezone.localdate() > self.freeze_on


class WeekTask(models.Model):
    """One thing a week asks of each local, which it can say yes to and later report on."""

    week = models.ForeignKey(WeekOfAction, on_delete=models.CASCADE, related_name="tasks")
    code = models.SlugField(max_length=40, help_text="Short and lasting, such as petition-drive.")
    title = models.CharField(max_length=140)
    description = models.TextField(blank=True)
    title_es = models.CharField("title (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    description_es = models.TextField("description (Spanish)", blank=True, help_text=SPANISH_HELP)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "task"
        constraints: ClassVar = [models.UniqueConstraint(fields=["week", "code"], name="campaigns_weektask_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_es)

    @property
    def local_description(self) -> str:
        """The description in the reader's language."""
        return in_language(self.description, self.description_es)
