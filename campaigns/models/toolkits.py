"""What a week's page gives besides: the toolkit, and what it looked like."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from campaigns.models.weeks import WeekOfAction
from campaigns.models.words import IS_OWN_PATH, OWN_PATH, SPANISH_HELP
from csan.lib.languages import in_language, path_in_language
from csan.lib.uploads import NotAPdf, pdf_name, url_of
from members.models import Picture


def is_pdf(file: FieldFile) -> None:
    """Refuse what is no PDF, or a large one. A file that is kept already was looked at then."""
    if not getattr(file, "_committed", True):
        try:
            pdf_name(file.file, "")
        except NotAPdf as error:
            raise ValidationError(str(error)) from error


def named(item: "ToolkitItem", _: str) -> str:
    """The name under which an item's file is kept."""
    return pdf_name(item.file.file, item.title)


class ToolkitItem(models.Model):
    """Something to print, to read or to share: a page of this site, or a file."""

    class Kind(models.TextChoices):
        LINK = "link", _("page of this site")
        FILE = "file", _("file")

    week = models.ForeignKey(WeekOfAction, on_delete=models.CASCADE, related_name="toolkit")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.LINK)
    title = models.CharField(max_length=140)
    text = models.TextField(blank=True, help_text="One or two sentences.")
    title_es = models.CharField("title (Spanish)", max_length=140, blank=True, help_text=SPANISH_HELP)
    text_es = models.TextField("text (Spanish)", blank=True, help_text=SPANISH_HELP)
    path = models.CharField(
        max_length=200,
        blank=True,
        help_text="For a page: where on this site, such as /petitions/save-call-center-jobs/sheet/",
        validators=[IS_OWN_PATH],
    )
    file = models.FileField(
        blank=True, upload_to=named, validators=[is_pdf], help_text="For a file: a PDF of at most 10 MB."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["link", "file"]), name="campaigns_toolkititem_kind"),
            models.CheckConstraint(
                condition=Q(kind="link", path__regex=OWN_PATH, file="") | (Q(kind="file", path="") & ~Q(file="")),
                name="campaigns_toolkititem_one_target",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Say beside the field what the database would refuse: a page has a path, a file a PDF, none has both."""
        is_file = self.kind == self.Kind.FILE
        if is_file and not self.file:
            raise ValidationError({"file": "Choose the PDF, or make it a page of this site."})
        if is_file and self.path:
            raise ValidationError({"path": "A file has no path; leave this empty."})
        if not is_file and not self.path:
            raise ValidationError({"path": "Say where the page is, or make it a file."})
        if not is_file and self.file:
            raise ValidationError({"file": "A page has no file; take this out."})

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_es)

    @property
    def local_text(self) -> str:
        """The text in the reader's language."""
        return in_language(self.text, self.text_es)

    @property
    def address(self) -> str:
        """Where it is: the page in the reader's language, or the file."""
        return url_of(str(self.file.name)) if self.kind == self.Kind.FILE else path_in_language(self.path)


class WeekPhotoQuerySet(models.QuerySet["WeekPhoto"]):
    def last_of(self, week: WeekOfAction) -> "WeekPhotoQuerySet":
        """A week's photos in their order; while it has none, those of the latest public week before it with some."""
        weeks = WeekOfAction.objects.filter(pk=week.pk) | WeekOfAction.objects.public().filter(year__lt=week.year)
        newest = weeks.filter(photos__isnull=False).order_by("-year").values("pk")[:1]
        return self.filter(week=Subquery(newest)).select_related("picture", "week").order_by("position", "pk")


class WeekPhoto(models.Model):
    """A photo of a week, shown on its page and, until they have their own, on those of later weeks."""

    week = models.ForeignKey(WeekOfAction, on_delete=models.CASCADE, related_name="photos")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="week_photos")
    position = models.PositiveSmallIntegerField(default=0)
    caption = models.CharField(max_length=200, blank=True, help_text="Which local, where.")
    caption_es = models.CharField("caption (Spanish)", max_length=200, blank=True, help_text=SPANISH_HELP)

    objects = WeekPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "picture"], name="campaigns_weekphoto_once"),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.picture)

    @property
    def local_caption(self) -> str:
        """The caption in the reader's language."""
        return in_language(self.caption, self.caption_es)
