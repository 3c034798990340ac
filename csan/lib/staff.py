"""What staff pages share."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from csan.lib.patience import TakesTooLong, at_most


def staff_of(request: HttpRequest) -> User:
    """Who is at the keyboard; the staff site lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class ShortPaginator(Paginator[Any]):
    """Pages of a table with millions of rows: the first MOST are counted and shown, a filter narrows the rest.

    Where few rows of many are meant, even that would read the whole table: what cannot be counted in PATIENCE counts
    as MOST, and the list ends where its rows do.
    """

    MOST = 10_000
    PATIENCE = 100  # milliseconds

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Any], self.object_list).order_by()[: self.MOST]
        try:
            with at_most(self.PATIENCE):
                return int(rows.count())
        except TakesTooLong:
            return self.MOST


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the program writes: staff read them, and change them only by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NamedFields:
    """For rows of a table: each field says its name to those who do not see the column's heading."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the admin
        if field is not None:
            inner = getattr(field.widget, "widget", field.widget)  # of a related row, inside of its buttons
            inner.attrs["aria-label"] = str(field.label or db_field.verbose_name)
        return field
