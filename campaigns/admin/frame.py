"""What our own staff pages of the week share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def require(allowed: bool) -> None:
    """Go no further without the permission."""
    if not allowed:
        raise PermissionDenied


def may(request: HttpRequest, permission: str) -> bool:
    """Whether whoever asks has a permission of this app, such as `change_registration`."""
    return bool(request.user.has_perm(f"campaigns.{permission}"))


def page(
    request: HttpRequest, name: str, title: str, *, model: type[Model], status: int = 200, **context: Any
) -> HttpResponse:
    """A staff page of our own in the frame of the others."""
    whole = {**admin.site.each_context(request), "title": title, "opts": model._meta, **context}
    return render(request, f"admin/campaigns/{name}.html", whole, status=status)
