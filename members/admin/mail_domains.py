"""The mail domains that we know something about."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.admin import ModelAdmin

from members.models import MailDomain


class DomainField(forms.CharField):
    """A domain as staff come by it: alone, with an @ before it, in any case."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").lower().rpartition("@")[2]


@admin.register(MailDomain)
class MailDomainAdmin(ModelAdmin):
    """Employers' domains, about which a form asks back, and disposable ones, which are marked for staff."""

    list_display = ("domain", "kind", "label")
    list_filter = ("kind",)
    search_fields = ("domain", "label")
    ordering = ("domain",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "domain":
            kwargs["form_class"] = DomainField
        return super().formfield_for_dbfield(db_field, request, **kwargs)
