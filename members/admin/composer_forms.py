"""The composer's forms: words of both languages side by side, a photo chosen or uploaded, who sees an item."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_prose_editor.widgets import AdminProseEditorWidget
from unfold.widgets import (
    UnfoldAdminImageFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from csan.lib.pictures import Prepared, UnusablePhoto, prepare
from members.admin import composer_photos
from members.admin.composer_photos import Shelf
from members.admin.pictures import PHOTO_HELP
from members.models import Issue, IssueItem, Picture, Section
from members.models.pictures import ALT_HELP
from members.newsletter import readership
from members.newsletter.audiences import UnknownAudience
from members.newsletter.composing import NewPhoto

IN_SPANISH = {"lang": "es"}


def line(**attrs: Any) -> forms.TextInput:
    """A field of one line, as the theme draws it."""
    widget: forms.TextInput = UnfoldAdminTextInputWidget(attrs=attrs)
    return widget


class IssueDayForm(forms.ModelForm[Issue]):
    """The day of an issue. Its constraint asks for the status too, which no form shows, so it is asked here."""

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        others = Issue.objects.exclude(status=Issue.Status.CANCELLED).exclude(pk=self.instance.pk)
        if day and others.filter(due_on=day).exists():
            raise forms.ValidationError(_("Another issue is planned for that day."))
        return day


class IssueWordsForm(forms.ModelForm[Issue]):
    """What opens the issue."""

    class Meta:
        model = Issue
        fields = ("subject", "subject_es", "intro", "intro_es")
        widgets = {  # noqa: RUF012 - Django's own form
            "subject": line(),
            "subject_es": line(**IN_SPANISH),
            "intro": AdminProseEditorWidget(attrs={"aria-label": "Intro, English"}),
            "intro_es": AdminProseEditorWidget(attrs={"aria-label": "Intro, Spanish", **IN_SPANISH}),
        }

    @property
    def values(self) -> dict[str, str]:
        """What was typed, sanitised by the model's fields."""
        return {name: getattr(self.instance, name) for name in self.fields}


class SectionForm(forms.ModelForm[Section]):
    """A section's heading. Without one it is called what its kind is called."""

    class Meta:
        model = Section
        fields = ("kind", "heading", "heading_es")
        widgets = {  # noqa: RUF012 - Django's own form
            "kind": UnfoldAdminSelectWidget(),
            "heading": line(),
            "heading_es": line(**IN_SPANISH),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]


class ItemForm(forms.ModelForm[IssueItem]):
    """An item. Of a post, what is left empty is as in the post; the post itself is not changed."""

    photo = forms.FileField(
        required=False,
        label="Upload a photo",
        help_text=PHOTO_HELP,
        widget=UnfoldAdminImageFieldWidget(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"}),
    )
    alt = forms.CharField(
        required=False, max_length=250, label="What the new photo shows", help_text=ALT_HELP, widget=line()
    )
    alt_es = forms.CharField(required=False, max_length=250, label="The same in Spanish", widget=line(**IN_SPANISH))
    prepared: Prepared | None = None

    class Meta:
        model = IssueItem
        fields = ("heading", "heading_es", "body", "body_es", "link", "section", "picture", "audience", "audience_of")
        labels = {"section": "Section", "audience": "Who sees it", "audience_of": "Which ones"}  # noqa: RUF012 - Django's
        widgets = {  # noqa: RUF012 - Django's own form
            "heading": line(),
            "heading_es": line(**IN_SPANISH),
            "body": AdminProseEditorWidget(attrs={"aria-label": "Text, English"}),
            "body_es": AdminProseEditorWidget(attrs={"aria-label": "Text, Spanish", **IN_SPANISH}),
            "link": line(inputmode="url", placeholder="https://"),
            "section": UnfoldAdminSelectWidget(),
            "audience": UnfoldAdminSelectWidget(),
            "audience_of": line(autocomplete="off"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.filter(issue=self.instance.issue, is_dropped=False).order_by("position", "pk")
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]  # a ModelChoiceField
        photos = composer_photos.choosable(self.instance.picture_id)
        self.fields["picture"].queryset = photos  # type: ignore[attr-defined]  # a ModelChoiceField
        if self.instance.post_id:
            del self.fields["link"]  # a post has its own

    @cached_property
    def is_looking(self) -> bool:
        """Whether only the photos are looked through, and nothing is to be saved."""
        return self.is_bound and composer_photos.is_looking(self.data)

    @cached_property
    def shelf(self) -> Shelf:
        """The photos to choose from, those asked for and of the page at hand."""
        photos = self.fields["picture"].queryset  # type: ignore[attr-defined]  # a ModelChoiceField
        return composer_photos.shelf_of(self.data, photos)

    @property
    def pictures(self) -> list[tuple[Picture, bool]]:
        """The chosen photo, wherever it stands, and those to choose from; whether each is the chosen one."""
        chosen = str(self["picture"].value() or "")
        rows = self.shelf.pictures
        if chosen.isascii() and chosen.isdecimal() and all(str(row.pk) != chosen for row in rows):
            photos = self.fields["picture"].queryset  # type: ignore[attr-defined]  # a ModelChoiceField
            rows = [*photos.filter(pk=chosen), *rows]
        return [(row, str(row.pk) == chosen) for row in rows]

    @property
    def new_photo(self) -> NewPhoto | None:
        """The one that was uploaded, with its description."""
        if self.prepared is None:
            return None
        return NewPhoto(self.prepared, self.cleaned_data["alt"], self.cleaned_data["alt_es"])

    @property
    def values(self) -> dict[str, object]:
        """What was typed, sanitised by the model's fields."""
        names = ("heading", "heading_es", "body", "body_es", "link", "audience", "audience_of")
        return {name: getattr(self.instance, name) for name in names}

    def full_clean(self) -> None:
        """Nothing is wrong yet with what somebody is in the middle of."""
        if self.is_looking:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean_photo(self) -> "UploadedFile[bytes] | None":
        photo: UploadedFile[bytes] | None = self.cleaned_data["photo"]
        try:
            self.prepared = prepare(photo) if photo else None
        except UnusablePhoto as error:
            raise forms.ValidationError(str(error)) from error
        return photo

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("photo") and not data.get("alt"):
            self.add_error("alt", "Say what the photo shows, and choose it once more.")
        if data.get("audience") == IssueItem.Audience.EVERYONE:
            data["audience_of"] = ""
        elif data.get("audience") and not data.get("audience_of"):
            self.add_error("audience_of", "Say which ones see it, or choose everyone.")
        elif data.get("audience"):
            self._check_names(data)
        if not self.instance.post_id and not (data.get("heading") or data.get("body")):
            self.add_error("heading", "Write a heading or a text in English.")
        return data

    def _check_names(self, data: dict[str, Any]) -> None:
        try:
            readership.check_names(IssueItem(audience=data["audience"], audience_of=data["audience_of"]))
        except UnknownAudience as error:
            self.add_error("audience_of", str(error))
