"""Photos: uploaded once, described once, used in many places."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminImageFieldWidget

from csan.lib.pictures import Prepared, UnusablePhoto, prepare
from members import pictures
from members.models import Picture

PHOTO_HELP = (
    "JPEG, PNG, WebP or HEIC, at most 15 MB. Small copies are made for the pages; the file itself, and where and when "
    "it was taken, are not kept. Ask the people in it first."
)


class PictureForm(forms.ModelForm[Picture]):
    """The words about a photo; with a new one, the photo itself."""

    photo = forms.FileField(
        help_text=PHOTO_HELP,
        widget=UnfoldAdminImageFieldWidget(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"}),
    )
    prepared: Prepared

    class Meta:
        model = Picture
        fields = ("alt", "alt_es", "credit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["photo"]

    def clean_photo(self) -> "UploadedFile[bytes]":
        photo: UploadedFile[bytes] = self.cleaned_data["photo"]
        try:
            self.prepared = prepare(photo)
        except UnusablePhoto as error:
            raise forms.ValidationError(str(error)) from error
        return photo


@admin.register(Picture)
class PictureAdmin(ModelAdmin):
    """Photos with their descriptions. One that is shown somewhere cannot be deleted."""

    form = PictureForm
    list_display = ("preview", "alt", "size", "credit", "created_at")
    list_display_links = ("preview", "alt")
    search_fields = ("alt", "alt_es", "credit")
    readonly_fields = ("preview", "size", "used_in")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return Picture.objects.settled()

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        words = ("alt", "alt_es", "credit")
        return ("preview", *words, "size", "used_in") if obj else ("photo", *words)

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["alt", "alt_es", "credit"])
            return
        made = pictures.add(photo=form.prepared, alt=obj.alt, alt_es=obj.alt_es, credit=obj.credit)
        obj.pk, obj.name = made.pk, made.name
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        pictures.remove(pictures=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        pictures.remove(pictures=queryset)

    @display(description="Photo")
    def preview(self, picture: Picture) -> SafeString:
        return format_html('<img src="{}" alt="" width="160" loading="lazy">', picture.preview_url)

    @display(description="Size")
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    @display(description="Used in")
    def used_in(self, picture: Picture) -> SafeString | str:
        """Every row of any app that shows it, with a link where staff can edit it."""
        links = [
            (admin_address(row), f"{relation.related_model._meta.verbose_name}: {row}")
            for relation in Picture._meta.related_objects
            for row in relation.related_model._default_manager.filter(**{relation.field.name: picture})
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', links) if links else "nothing yet"


def admin_address(row: Any) -> str:
    """Where staff edit a row; for one that stands on another's page, such as a week's photo, that one's."""
    shown = getattr(row, "week", row)
    try:
        return reverse(f"admin:{shown._meta.label_lower.replace('.', '_')}_change", args=[shown.pk])
    except NoReverseMatch:
        return ""
