"""How long it takes to set a wave's materials aside, and to look at it before and after."""

import time

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns import kits
from campaigns.models import Allocation, Item, KitRule, Registration, ShipTo, StockMove, Wave, WeekOfAction
from members.models import Local
from tests.bench.figures import Series
from tests.bench.place import Failed
from tests.bench.staff_pages import Page, look
from tests.campaigns.factories import ItemFactory, KitRuleFactory, WeekFactory

ITEMS = 6


def measure_kits(week: WeekOfAction, staff: User) -> tuple[Wave, dict[str, float], dict[str, Series]]:
    """The wave as it stands at last, seconds of setting aside by policy, milliseconds of the pages. Raises Failed."""
    wave = kits.open_wave(week=week, by=staff)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    addresses = {
        "list of waves": Page("/admin/campaigns/wave/", str(wave)),
        "preview": Page(f"/admin/campaigns/wave/{wave.pk}/kits/", "There is too little"),
        "order list": Page(f"/admin/campaigns/wave/order/{week.pk}/", "To order"),
        "list of items": Page("/admin/campaigns/item/", "sticker"),
    }
    pages = {name: look(client, page) for name, page in addresses.items()}
    took = {
        f"set aside, {policy}": _set_aside(wave, policy, staff, last=policy == Wave.Policy.values[-1])
        for policy in Wave.Policy.values
    }
    pages["set aside"] = look(client, Page(addresses["preview"].address, "Give all of it back"))
    return wave, took, pages


def _set_aside(wave: Wave, policy: str, staff: User, *, last: bool) -> float:
    begins = time.monotonic()
    kits.allocate(wave=wave, policy=policy, reason="The bench", by=staff)
    took = time.monotonic() - begins
    for item in Item.objects.all():
        given = sum(Allocation.objects.filter(wave=wave, item=item).values_list("given", flat=True))
        if given + item.on_hand != sum(
            item.moves.filter(kind=StockMove.Kind.RECEIVED).values_list("amount", flat=True)
        ):
            raise Failed(f"{item}: {given} given, {item.on_hand} on hand")
    if not last:
        kits.release(wave=wave, by=staff)
    return took


def week_of(places: int) -> WeekOfAction:
    """Approved locals of 10 to 500 members, who want more than there is of each item."""
    week: WeekOfAction = WeekFactory(year=2099)
    for number in range(ITEMS):
        item = ItemFactory(pack_size=1 + number * 5)
        KitRuleFactory(week=week, item=item, over_percent=5, rounds_to_pack=number > 0, minimum=5)
        KitRuleFactory(week=week, item=item, kind=KitRule.Kind.PER_PLACE, amount=2)
        kits.move_stock(item=item, amount=places * 15, kind=StockMove.Kind.RECEIVED, key=f"bench:{item.pk}", by=None)
    locals_ = Local.objects.bulk_create([Local(affiliate="CWA", number=str(70_000 + at)) for at in range(places)])
    registrations = Registration.objects.bulk_create(
        [
            Registration(
                week=week, local=local, contact_name="Ada Reyes", email=f"ada{at}@example.org",
                email_key=f"ada{at}@example.org", phone="202-555-0134", members_count=10 + at % 490,
                status=Registration.Status.APPROVED, approved_at=timezone.now(),
            )
            for at, local in enumerate(locals_)
        ]
    )  # fmt: skip
    ShipTo.objects.bulk_create(
        [
            ShipTo(registration=row, name="Ada Reyes", address1="1 Main St", city="Ames", state="IA", zip_code="50010")
            for row in registrations
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return week
