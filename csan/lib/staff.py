"""What staff pages share."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin


def staff_of(request: HttpRequest) -> User:
    """Who is at the keyboard; the staff site lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class ShortPaginator(Paginator[Any]):
    """Pages of a table with millions of rows: the first MOST are counted and shown, a filter narrows the rest."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        return int(cast(QuerySet[Any], self.object_list).order_by()[: self.MOST].count())


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the program writes: staff read them, and change them only by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
