"""The letter that asks a local whether its box has arrived."""

from collections.abc import Sequence

from django.utils import translation

from campaigns.models import Box
from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Message


def did_it_arrive(box: Box, tracking_url: str) -> bool:
    """To the contact, with the page on which the local says so. Once for each box; False where it was asked before."""
    registration = box.registration
    language = registration.language
    with translation.override(language):
        theme = registration.week.local_theme
    return outbox.enqueue(
        key=_asked(box),
        template="campaigns/did_it_arrive",
        to=registration.email,
        language=language,
        context={
            "name": registration.contact_name,
            "local": str(registration.local),
            "year": registration.week.year,
            "theme": theme,
            "code": box.code,
            "is_delivered": box.status == Box.Status.DELIVERED,
            "tracking_url": tracking_url,
            "arrived_url": absolute_reverse(
                "campaigns:registration-arrived", registration.key, box.code, language=language
            ),
            "registration_url": absolute_reverse("campaigns:registration", registration.key, language=language),
        },
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
