"""Addresses."""

from typing import Any

app_name = "campaigns"
urlpatterns: list[Any] = []
