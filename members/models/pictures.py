"""Photos that staff uploaded, each with words for whoever cannot see it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from csan.lib import pictures
from csan.lib.languages import in_language
from csan.lib.uploads import url_of

ALT_HELP = (
    "What somebody who cannot see the photo should know, in one sentence: who is there, what they do, what a sign "
    "says. Such as “Six members in red shirts hold a banner that says Good Jobs Here.” No “photo of”."
)


class PictureQuerySet(models.QuerySet["Picture"]):
    def settled(self) -> "PictureQuerySet":
        """Those that staff may use: not the photo of a member's story that is on its way, or went no further."""
        return self.filter(Q(submissions=None) | Q(submissions__status="published"))


class Picture(models.Model):
    """A photo in several sizes. Its files carry its `name` and never change; a new photo is a new row."""

    name = models.CharField(max_length=24, unique=True, editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    widths = models.JSONField(editable=False, help_text="Of the files, in pixels, the widest last.")
    jpeg_width = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Of the JPEG, in pixels. Empty: as wide as the widest, as it once was."
    )
    alt = models.CharField("description", max_length=250, help_text=ALT_HELP)
    alt_es = models.CharField("description (Spanish)", max_length=250, blank=True, help_text="Empty: as in English.")
    credit = models.CharField(max_length=100, blank=True, help_text="Who took it, as it should be printed.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(alt=""), name="members_picture_alt"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="members_picture_size"),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def local_alt(self) -> str:
        """The description in the reader's language, English where there is no other."""
        return in_language(self.alt, self.alt_es)

    @property
    def srcset_avif(self) -> str:
        """The AVIF files with their widths, as `srcset` wants them."""
        return self._srcset("avif")

    @property
    def srcset_webp(self) -> str:
        """The WebP files with their widths, as `srcset` wants them."""
        return self._srcset("webp")

    @property
    def url(self) -> str:
        """The one JPEG, for letters and for programs that know neither."""
        return url_of(self.jpeg_name)

    @property
    def jpeg_name(self) -> str:
        """The name of the JPEG's file."""
        return pictures.file_name(self.name, self.jpeg_size[0], "jpg")

    @property
    def jpeg_size(self) -> tuple[int, int]:
        """Width and height of the JPEG."""
        width = self.jpeg_width or self.width
        return width, max(1, round(self.height * width / self.width))

    @property
    def preview_url(self) -> str:
        """The smallest file."""
        return url_of(pictures.file_name(self.name, self.widths[0], "webp"))

    @property
    def file_names(self) -> list[str]:
        """Of every file that belongs to it."""
        return pictures.file_names(self.name, tuple(self.widths), self.jpeg_size[0])

    def _srcset(self, ending: str) -> str:
        return ", ".join(f"{url_of(pictures.file_name(self.name, width, ending))} {width}w" for width in self.widths)
