"""Kits: the things that go into boxes, how many of each a place gets and why, and what there is of them.

`quantities.py` reckons by the rules · `sharing.py` parts what is short · `owing.py` adds what was missing from boxes ·
`planning.py` does all of it for a wave and writes nothing · `allocating.py` opens a wave and sets its materials
aside · `stock.py` keeps the ledger · `ordering.py` knows what is to be printed.
"""

from campaigns.kits.allocating import (
    NobodyWaits,
    OtherState,
    ReasonNeeded,
    TooMany,
    allocate,
    cancel_wave,
    give_by_hand,
    hold,
    open_wave,
    release,
    take_out,
    waiting_places,
)
from campaigns.kits.ordering import OrderLine, order_list
from campaigns.kits.planning import Line, Plan, Total, plan, rules_of
from campaigns.kits.quantities import Quantity, Served, quantity, served_by, together
from campaigns.kits.sharing import Want, share
from campaigns.kits.stock import OutOfStock, count_stock, move_stock

__all__ = [
    "Line",
    "NobodyWaits",
    "OrderLine",
    "OtherState",
    "OutOfStock",
    "Plan",
    "Quantity",
    "ReasonNeeded",
    "Served",
    "TooMany",
    "Total",
    "Want",
    "allocate",
    "cancel_wave",
    "count_stock",
    "give_by_hand",
    "hold",
    "move_stock",
    "open_wave",
    "order_list",
    "plan",
    "quantity",
    "release",
    "rules_of",
    "served_by",
    "share",
    "take_out",
    "together",
    "waiting_places",
]
