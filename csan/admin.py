"""Staff accounts, and the log of what staff did. Each app registers its own models."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm


class StaffAdmin(DjangoUserAdmin[User], ModelAdmin):
    """Staff accounts; the user name is the e-mail address."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


class LogEntryAdmin(ModelAdmin):
    """Who did what and when; to be read, never changed."""

    list_display = ("action_time", "user", "object_repr", "change_message")
    list_filter = ("user", "content_type")
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister(Group)
admin.site.unregister(User)
admin.site.register(User, StaffAdmin)
admin.site.register(LogEntry, LogEntryAdmin)
