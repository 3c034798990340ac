"""The form by which a local sends photos: several at once, each with its own words and its own yes."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Registration
from campaigns.reports import report_photos
from csan.lib.forms import LineField, PublicForm
from csan.lib.pictures import Plain, UnusablePhoto, plain

ROWS = 3  # photos in one sending; more come in the next
TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
PARTS = ("photo", "alt", "consent")


@dataclass(frozen=True)
class Row:
    """A photo that can be kept."""

    number: int
    photo: Plain
    alt: str


class PhotosForm(PublicForm):
    """Three photos. Those that are good are kept, also where another one is not: see `keep`."""

    scope = "photos"
    words: ClassVar = {
        "no_photo": gettext_lazy("Choose the photo that these words are about."),
        "no_alt": gettext_lazy("Say in one sentence what can be seen in the photo."),
        "no_consent": gettext_lazy("Tick the box about the people in it. If somebody does not agree, leave it out."),
        "again": gettext_lazy("Please choose the photo once more. A page that comes back cannot keep it."),
        "full": gettext_lazy("Your report has twelve photos, which is the most. Remove one first."),
    }

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.ready: list[Row] = []
        for number in range(1, ROWS + 1):
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("Photo %(number)s") % {"number": number},
                required=False,
                widget=forms.FileInput(attrs={"accept": TYPES}),
                help_text=_("At most 15 MB, just as your phone takes it. We remove where and when it was taken."),
                error_messages={"empty": _("This file is empty. Please choose another.")},
            )
            self.fields[f"alt_{number}"] = LineField(
                label=_("What can be seen in photo %(number)s?") % {"number": number},
                required=False,
                max_length=250,
                help_text=_("For those who cannot see it. One sentence: who is there and what they do."),
            )
            self.fields[f"consent_{number}"] = forms.BooleanField(
                label=_("Everybody who can be seen in photo %(number)s agrees that it is shown.") % {"number": number},
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            for number in range(1, ROWS + 1):
                self._ask_again(number)
            raise
        if not self.is_trapped:
            for number in range(1, ROWS + 1):
                self._read(number)
        return cleaned

    def _read(self, number: int) -> None:
        """Make a photo ready where nothing is wrong with its row."""
        photo, alt, consent = (self.cleaned_data.get(f"{part}_{number}") for part in PARTS)
        if not (photo or alt or consent) or f"photo_{number}" in self.errors:
            return
        if not photo:
            self._complain("photo", number, "no_photo")
            return
        if not alt and f"alt_{number}" not in self.errors:
            self._complain("alt", number, "no_alt")
        if not consent:
            self._complain("consent", number, "no_consent")
        if not (alt and consent):
            self._ask_again(number)
            return
        try:
            self.ready.append(Row(number, plain(photo), alt))
        except UnusablePhoto as error:
            self.add_error(f"photo_{number}", str(error))

    def _ask_again(self, number: int) -> None:
        """A browser gives a file once: a row that comes back has lost it, and must say so."""
        photo: UploadedFile[bytes] | None = self.files.get(f"photo_{number}")
        if photo and f"photo_{number}" not in self.errors:
            self._complain("photo", number, "again")

    def _complain(self, part: str, number: int, why: str) -> None:
        self.add_error(f"{part}_{number}", forms.ValidationError(self.words[why], code=why))

    def keep(self, registration: Registration) -> int:
        """Keep the photos that are good; only what is wrong stays in the form. How many were kept.

        After `is_valid()`, whatever that said. Raises what `reporting.hold` does.
        """
        kept, data = 0, cast(QueryDict, self.data).copy()
        for row in self.ready:
            try:
                report_photos.add(registration=registration, photo=row.photo, alt=row.alt, has_consent=True)
            except report_photos.TooMany:
                self._complain("photo", row.number, "full")
                continue
            kept += 1
            for part in PARTS:
                data.pop(f"{part}_{row.number}", None)
        self.data = data
        return kept

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields, photo by photo."""
        return [[self[f"{part}_{number}"] for part in PARTS] for number in range(1, ROWS + 1)]
