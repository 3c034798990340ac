"""What the database refuses about materials, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from campaigns import kits
from campaigns.models import Allocation, Item, StockMove
from tests.campaigns.factories import ItemFactory, KitRuleFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


def refused(name: str, write, **values) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write(**values)


def test_there_are_never_fewer_than_none():
    ItemFactory()
    refused("on_hand", Item.objects.update, on_hand=-1)


def test_a_pack_holds_something():
    refused("campaigns_item_pack_size", ItemFactory, pack_size=0)


@pytest.mark.parametrize(
    ("kind", "amount"), [("received", -1), ("allocated", 1), ("released", -1), ("written-off", 1), ("stolen", -1)]
)
def test_a_move_goes_the_way_of_its_kind(kind, amount):
    refused(
        "campaigns_stockmove_kind", StockMove.objects.create, item=ItemFactory(), kind=kind, amount=amount, key="1"
    )


def test_a_move_moves_something():
    item = ItemFactory()
    refused("campaigns_stockmove_amount", StockMove.objects.create, item=item, kind="counted", amount=0, key="1")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("campaigns_kitrule_amount", {"amount": 0}),
        ("campaigns_kitrule_maximum", {"minimum": 5, "maximum": 4}),
        ("campaigns_kitrule_kind", {"kind": "per-moon"}),
    ],
)
def test_a_rule_makes_sense(name, values):
    refused(name, KitRuleFactory, **values)


def test_a_place_has_one_allocation_of_an_item_in_a_wave():
    week = WeekFactory()
    KitRuleFactory(week=week)
    RegistrationFactory(week=week, approved=True)
    by = StaffFactory()
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy="pro-rata", reason="There is none yet", by=by)
    row = Allocation.objects.get()
    same = {"wave": wave, "place": row.place, "item": row.item, "wanted": 1, "given": 1, "reason": ""}
    refused("campaigns_allocation_once", Allocation.objects.create, **same)
