"""Source codes: what a poster, a box item or a sheet carries, and its QR code to print."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from unfold.admin import ModelAdmin
from unfold.decorators import action

from csan.lib import qr
from csan.lib.urls import absolute, is_own_path
from members.models import SourceCode


class SourceCodeForm(forms.ModelForm[SourceCode]):
    """A code, and a page of this site that is there."""

    class Meta:
        model = SourceCode
        fields = ("code", "kind", "label", "local", "path")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if code.startswith("f-"):
            raise forms.ValidationError("Codes that begin with f- are those that signers pass on to their friends.")
        return code

    def clean_path(self) -> str:
        path = str(self.cleaned_data["path"])
        with translation.override("en"):  # the reader's own language is found when they come
            if not is_own_path(path):
                raise forms.ValidationError(
                    "There is no such page on this site. Begin with /, without the site's name."
                )
        return path


@admin.register(SourceCode)
class SourceCodeAdmin(ModelAdmin):
    """Where visitors come from, told by the address they followed and by no cookie."""

    form = SourceCodeForm
    list_display = ("code", "kind", "label", "local", "path", "created_at")
    list_filter = ("kind",)
    list_select_related = ("local",)
    search_fields = ("code", "label")
    autocomplete_fields = ("local",)
    ordering = ("-pk",)
    actions_detail = ("poster",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code may be printed already, so it is chosen once."""
        return ("code",) if obj else ()

    @action(description="QR code to print", url_path="print", icon="qr_code_2")
    def poster(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """One page: the link as a QR code and in letters, large enough for a wall."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        source = get_object_or_404(SourceCode.objects.select_related("local"), pk=object_id)
        address = absolute(f"/go/{source.code}/")
        context = {
            **self.admin_site.each_context(request),
            "title": f"QR code: {source.code}",
            "source": source,
            "address": address,
            "qr": qr.drawing(address),
        }
        return render(request, "admin/members/sourcecode/print.html", context)
