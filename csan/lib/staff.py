"""What staff pages share."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin


def staff_of(request: HttpRequest) -> User:
    """Who is at the keyboard; the staff site lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the program writes: staff read them, and change them only by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
