"""The letter about things that run low."""

from contextlib import suppress

from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.models import Item, StockMove
from csan.lib.addresses import InvalidAddress
from csan.lib.urls import absolute
from members import outbox

BACKEND = "django.contrib.auth.backends.ModelBackend"


def low_stock(item: Item, move: StockMove) -> None:
    """To each of the staff who look after the stock, once for each time that it falls below its mark."""
    keepers = User.objects.with_perm("campaigns.change_item", backend=BACKEND)
    for user in keepers.filter(is_active=True, is_staff=True).order_by("pk"):
        with suppress(InvalidAddress):
            outbox.enqueue(
                key=f"staff:{user.pk}:low-stock:{move.pk}",
                template="campaigns/low_stock",
                to=user.email,
                context={
                    "item": item.name,
                    "on_hand": item.on_hand,
                    "low_at": item.low_at,
                    "url": absolute(reverse("admin:campaigns_item_stock", args=[item.pk])),
                },
            )
