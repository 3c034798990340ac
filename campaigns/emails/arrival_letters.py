"""The letter that asks a local whether its box has arrived."""

from collections.abc import Sequence

from campaigns.emails.writing import write
from campaigns.models import Box
from csan.lib.urls import absolute_reverse
from members.models import Message


def did_it_arrive(box: Box, tracking_url: str) -> bool:
    """To the contact, with the page on which the local says so. Once for each box; False where it was asked before."""
    registration = box.registration
    arrived = absolute_reverse(
        "campaigns:registration-arrived", registration.key, box.code, language=registration.language
    )
    return write(
        registration,
        "did_it_arrive",
        key=_asked(box),
        code=box.code,
        is_delivered=box.status == Box.Status.DELIVERED,
        tracking_url=tracking_url,
        arrived_url=arrived,
    )


def still_to_ask(boxes: Sequence[Box]) -> list[Box]:
    """Those of the boxes whose local was told that they left, and not asked about them yet; one query."""
    keys = [key for box in boxes for key in (_told(box), _asked(box))]
    found = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [box for box in boxes if _told(box) in found and _asked(box) not in found]


def _told(box: Box) -> str:
    return f"box:{box.pk}:shipped"


def _asked(box: Box) -> str:
    return f"box:{box.pk}:did-it-arrive"
