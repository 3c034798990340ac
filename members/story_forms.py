"""The forms by which a member sends us a story, and answers what we made of it."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import EmailField, LineField, PublicForm, TextField
from csan.lib.pictures import Prepared, UnusablePhoto, prepare

# What the author agrees to; kept with the story as it stood on the page.
STORY_WORDING = _(
    "You may edit my story, and publish it on this site and in the newsletter with my name and my local, once I have "
    "approved the final text."
)
PHOTO_WORDING = _("Everybody who can be seen in the photo agrees that it is published.")
PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
MOST_CHARACTERS = 12_000  # about 2,000 words, more than a newsletter prints


class StoryForm(PublicForm):
    """Send us a story. The photo is made ready last, when nothing else is wrong: `prepared` is None without one."""

    scope = "submit"
    missing: ClassVar = {
        "title": _("Enter a title for your story."),
        "body": _("Write or paste your story."),
        "name": _("Enter your name as it is to be printed."),
        "local": _("Enter your local, such as CWA Local 1101."),
        "email": _("Enter your e-mail address."),
        "consent": _("Tick the box that lets us edit and publish your story."),
        "photo_alt": _("Say in one sentence what can be seen in the photo."),
        "photo_consent": _("Tick the box about the photo if everybody agrees. If not, leave the photo out."),
    }
    prepared: Prepared | None = None

    title = LineField(label=_("Title"), max_length=140)
    body = TextField(
        label=_("Your story"),
        required=True,
        rows=14,
        max_length=MOST_CHARACTERS,
        help_text=_(
            "A blank line begins a new paragraph. **Two stars** on both sides make words bold. A line that begins "
            "with - is a point of a list."
        ),
    )
    photo = forms.FileField(
        label=_("A photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PHOTO_TYPES}),
        help_text=_("One photo, at most 15 MB, just as your phone takes it. We remove where and when it was taken."),
        error_messages={"empty": _("This file is empty. Please choose another.")},
    )
    photo_alt = LineField(
        label=_("What can be seen in the photo?"),
        required=False,
        max_length=250,
        help_text=_("Needed with a photo, for those who cannot see it. One sentence: who is there and what they do."),
    )
    photo_consent = forms.BooleanField(label=PHOTO_WORDING, required=False, help_text=_("Needed with a photo."))
    name = LineField(label=_("Your name"), max_length=70, autocomplete="name", help_text=_("As it is to be printed."))
    local = LineField(label=_("Your local"), max_length=60, help_text=_("Such as CWA Local 1101."))
    email = EmailField(
        help_text=_("Never printed. A personal address is best: your employer may read your work mail.")
    )
    consent = forms.BooleanField(label=STORY_WORDING)

    def clean(self) -> dict[str, Any]:
        photo: UploadedFile[bytes] | None = self.cleaned_data.get("photo")
        for name in ("photo_alt", "photo_consent"):
            if photo and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(self.missing[name], code="required"))
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            self._ask_again_for(photo)
            raise
        if self.errors:
            self._ask_again_for(photo)
        elif photo and not self.is_trapped:
            self._make_ready(photo)
        return cleaned

    def _ask_again_for(self, photo: "UploadedFile[bytes] | None") -> None:
        """A browser gives a file once: a form that comes back has lost it, and must say so."""
        if photo:
            self.add_error("photo", _("Please choose the photo once more. A page that comes back cannot keep it."))

    def _make_ready(self, photo: "UploadedFile[bytes]") -> None:
        try:
            self.prepared = prepare(photo)
        except UnusablePhoto as error:
            self.add_error("photo", str(error))

    def group(self, *names: str) -> list[forms.BoundField]:
        """The named fields, for a fieldset."""
        return [self[name] for name in names]

    @property
    def about_story(self) -> list[forms.BoundField]:
        return self.group("title", "body")

    @property
    def about_photo(self) -> list[forms.BoundField]:
        return self.group("photo", "photo_alt", "photo_consent")

    @property
    def about_author(self) -> list[forms.BoundField]:
        return self.group("name", "local", "email", "consent")


class AuthorForm(PublicForm):
    """One of several on the author's page, so that each needs ids of its own."""

    ids = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.ids}_%s", **kwargs)


class ButtonForm(AuthorForm):
    """A button and nothing to fill in."""

    ids = "button"


class ApproveForm(AuthorForm):
    """The author's yes to the text that the page showed, whose digest it carries."""

    ids = "approve"

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ChangesForm(AuthorForm):
    """What the author would like to be different."""

    ids = "changes"
    missing: ClassVar = {"words": _("Say what we should change.")}

    words = TextField(label=_("What should we change?"), required=True, rows=5)
