"""Addresses."""

from typing import Any

app_name = "petitions"
urlpatterns: list[Any] = []
