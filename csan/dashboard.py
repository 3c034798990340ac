"""The staff's first page: what waits for whoever looks, from each app."""

from typing import Any

from django.http import HttpRequest

from campaigns.admin import today
from csan.lib.staff import staff_of
from petitions.admin.today import tile


def tiles(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The fraud desk's and the week's, for those who may look into them. Called for the staff's first page only."""
    return {**tile(request, context), "week_today": today.today(staff_of(request))}
