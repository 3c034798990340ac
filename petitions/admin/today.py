"""What the staff's first page says of the petitions."""

from typing import Any

from django.http import HttpRequest

from csan.lib.staff import staff_of
from petitions.fraud import desk


def tile(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The fraud desk's tile, for those who may look into it. Called for the staff's first page only."""
    return {**context, "fraud_today": desk.today(staff_of(request))}
