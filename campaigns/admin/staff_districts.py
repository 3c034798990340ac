"""Whose districts are whose: set by those who manage staff accounts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from campaigns.models import StaffDistricts


@admin.register(StaffDistricts)
class StaffDistrictsAdmin(ModelAdmin):
    """Who is not here sees every district; nobody widens their own."""

    list_display = ("user", "districts")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    search_fields = ("user__username",)
    ordering = ("user__username",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)
