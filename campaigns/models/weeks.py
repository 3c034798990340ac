"""Weeks of Action: theme and days, what is asked of a local, what is in the box."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.words import MARKDOWN_HELP, PICTURE_HELP, SPANISH_HELP, Illustration
from csan.lib.languages import in_language
from members.models import Picture


class WeekQuerySet(models.QuerySet["WeekOfAction"]):
    def public(self) -> "WeekQuerySet":
        """Published, newest first."""
        return self.filter(published_at__lte=timezone.now()).order_by("-year")

    def open(self) -> "WeekQuerySet":
        """Public, and a local may register today."""
        return self.public().filter(register_by__gte=timezone.localdate())


def dollars(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """What something cost, once that is known."""
    return models.DecimalField(
        label, max_digits=9, decimal_places=2, null=True, blank=True,
        help_text="In dollars; empty: not known yet.",
    )  # fmt: skip


class WeekOfAction(models.Model):
    """One year's Customer Service Week of Action. Its days are days of the program's own time zone."""

    class Stage(models.TextChoices):
        """What a day is to the week."""

        BEFORE_REGISTER_BY = "before_register_by"
        CLOSED = "closed"
        DURING = "during"
        OVER = "over"

    year = models.PositiveSmallIntegerField(unique=True)
    theme = models.CharField(max_length=140)
    intro = models.TextField(help_text=MARKDOWN_HELP)
    theme_es = models.CharField("theme (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    intro_es = models.TextField("intro (Spanish)", blank=True, help_text=SPANISH_HELP)
    hashtag = models.CharField(max_length=60, blank=True, help_text="With its #.")
    illustration = models.CharField(max_length=10, choices=Illustration, default=Illustration.BOX)
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="weeks", help_text=PICTURE_HELP
    )
    box_contents = models.TextField("what is in the box", blank=True, help_text="One thing a line.")
    box_contents_es = models.TextField("what is in the box (Spanish)", blank=True, help_text=SPANISH_HELP)
    register_by = models.DateField(help_text="The last day on which a local can register.")
    freeze_on = models.DateField(help_text="The last day on which a local can change its registration.")
    ship_by = models.DateField(help_text="The day by which every box has left.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    report_by = models.DateField(help_text="The day by which locals report back.")
    times_moved = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often its days were changed: calendars tell the newer entry by it."
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="Shown from this moment; empty: not shown.")
    postage_cost = dollars("postage")
    printing_cost = dollars("printing and things bought")
    other_cost = dollars("all else")

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
            models.CheckConstraint(
                condition=Q(illustration__in=Illustration.values), name="campaigns_weekofaction_illustration"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                    name=f"campaigns_weekofaction_{name}",
                    violation_error_message="A cost is no less than nothing.",
                )
                for name in ("postage_cost", "printing_cost", "other_cost")
            ),
        ]

    def __str__(self) -> str:
        return f"Week of Action {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:week", args=[self.year])

    DAYS = ("register_by", "freeze_on", "ship_by", "starts_on", "ends_on", "report_by")

    @property
    def local_theme(self) -> str:
        """The theme in the reader's language."""
        return in_language(self.theme, self.theme_es)

    @property
    def local_intro(self) -> str:
        """The Markdown in the reader's language."""
        return in_language(self.intro, self.intro_es)

    @property
    def local_box_contents(self) -> list[str]:
        """What is in the box, thing by thing, in the reader's language."""
        lines = in_language(self.box_contents, self.box_contents_es).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def stage(self) -> "WeekOfAction.Stage":
        """Where the week stands today."""
        today = timezone.localdate()
        if today <= self.register_by:
            return self.Stage.BEFORE_REGISTER_BY
        if today < self.starts_on:
            return self.Stage.CLOSED
        return self.Stage.DURING if today <= self.ends_on else self.Stage.OVER

    @property
    def days_left(self) -> int:
        """How many days it is until the last one to register; once that is over, until the week begins; then 0."""
        today = timezone.localdate()
        match self.stage:
            case self.Stage.BEFORE_REGISTER_BY:
                return (self.register_by - today).days
            case self.Stage.CLOSED:
                return (self.starts_on - today).days
        return 0

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
    day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Whose turn it is on this day of the week, 1 for its first; empty: the days are shared out.",
    )

    class Meta:
        verbose_name = "task"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "code"], name="campaigns_weektask_once"),
            models.CheckConstraint(condition=Q(day=None) | Q(day__gt=0), name="campaigns_weektask_day"),
        ]

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
