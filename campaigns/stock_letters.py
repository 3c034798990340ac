"""The letter about things that run low."""

from contextlib import suppress

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from campaigns.models import Item, StockMove
from csan.lib.addresses import InvalidAddress
from csan.lib.urls import absolute
from members import outbox


def low_stock(item: Item, move: StockMove) -> None:
    """To each of the staff who look after the stock, once for each time that it falls below its mark."""
    for user in keepers():
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


def keepers() -> list[User]:
    """Who may change items: by their own permission, their group's, or as superusers."""
    own = {"codename": "change_item", "content_type__app_label": "campaigns"}
    theirs = Q(**{f"user_permissions__{name}": value for name, value in own.items()})
    groups = Q(**{f"groups__permissions__{name}": value for name, value in own.items()})
    may = User.objects.filter(theirs | groups | Q(is_superuser=True), is_staff=True, is_active=True)
    return list(may.exclude(email="").distinct().order_by("pk"))
