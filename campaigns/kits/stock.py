"""The stock: a ledger of moves, and beside it how many pieces there are, which never fall below zero."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaigns.emails import stock_letters
from campaigns.models import Item, StockMove
from csan.lib import audit
from csan.lib.rows import insert_unless_known

Kind = StockMove.Kind


class OutOfStock(Exception):
    """There are fewer pieces than are to go. `item`, and how many `wanted` of how many `on_hand`."""

    def __init__(self, item: Item, wanted: int) -> None:
        self.item, self.wanted = item, wanted
        self.on_hand = Item.objects.values_list("on_hand", flat=True).get(pk=item.pk)
        super().__init__(f"{wanted} of {item} wanted, {self.on_hand} on hand")


@transaction.atomic
def move_stock(*, item: Item, amount: int, kind: Kind, key: str, by: User | None, note: str = "") -> bool:
    """So many pieces come (above zero) or go (below). False where a move of this `key` was told before.

    Raises OutOfStock, and nothing has happened. Whoever moves several items takes them in the order of their numbers.
    """
    move = StockMove(item=item, amount=amount, kind=kind, key=key, note=note, by=by)
    if not insert_unless_known(move):
        return False
    rows = Item.objects.filter(pk=item.pk, on_hand__gte=max(-amount, 0))
    if not rows.update(on_hand=F("on_hand") + amount):
        raise OutOfStock(item, -amount)
    item.refresh_from_db(fields=["on_hand"])
    if item.on_hand < item.low_at <= item.on_hand - amount:
        stock_letters.low_stock(item, move)
    return True


@transaction.atomic
def count_stock(*, item: Item, counted: int, key: str, by: User, note: str = "") -> int:
    """So many pieces were counted on the shelf; the difference goes into the ledger, and is given back."""
    held = Item.objects.select_for_update().get(pk=item.pk)
    difference = counted - held.on_hand
    if difference and move_stock(item=held, amount=difference, kind=Kind.COUNTED, key=key, note=note, by=by):
        audit.record(by=by, objects=[held], did="Counted anew", found=counted)
    return difference
