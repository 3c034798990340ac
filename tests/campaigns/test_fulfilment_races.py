"""Many at once, a row changed in between, a process killed in between: stock, boxes and letters stay one whole."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns import kits
from campaigns.boxes import shipping, waves
from campaigns.models import Allocation, Box, Item, StockMove, Wave
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, ItemFactory, KitRuleFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory
from tests.processes import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
RUN = "import django; django.setup(); from django.contrib.auth.models import User; by = User.objects.get(pk={by}); "
SHIP = (
    "from campaigns.boxes import shipping; from campaigns.models import Box; "
    "shipping.ship_box(box=Box.objects.get(pk={pk}), carrier='ups', tracking_number='1Z5R89390357567127', by=by)"
)
FREEZE = (
    "from campaigns.boxes import waves; from campaigns.models import Wave; "
    "waves.freeze_wave(wave=Wave.objects.get(pk={pk}), by=by)"
)


def stocked(week, **rule) -> Item:
    """Seventy pieces of a thing, one for each member."""
    item = ItemFactory()
    kits.move_stock(item=item, amount=70, kind=StockMove.Kind.RECEIVED, key=f"in:{item.pk}", by=None)
    KitRuleFactory(week=week, item=item, **rule)
    return item


def never_below_zero(item) -> bool:
    """Whether the ledger, line by line, never took more than was there."""
    left, lowest = 0, 0
    for amount in item.moves.order_by("pk").values_list("amount", flat=True):
        left += amount
        lowest = min(lowest, left)
    return lowest == 0


# Fifty waves


def test_fifty_waves_that_set_aside_the_last_pieces_at_once_get_together_what_there_is():
    by, week = StaffFactory(), WeekFactory()
    buttons = stocked(week)
    banners = stocked(week, kind="per-place", amount=2)
    opened = []
    for _ in range(50):
        RegistrationFactory(week=week, approved=True, members_count=3)
        opened.append(kits.open_wave(week=week, by=by))

    def set_aside(wave):
        kits.allocate(wave=Wave(pk=wave.pk), policy="pro-rata", reason="The last ones", by=by)

    at_once(*(lambda wave=wave: set_aside(wave) for wave in opened))

    given = {
        item.pk: sorted(Allocation.objects.filter(item=item).values_list("given", flat=True))
        for item in (buttons, banners)
    }
    assert given[buttons.pk] == [0] * 26 + [1] + [3] * 23
    assert given[banners.pk] == [0] * 15 + [2] * 35
    for item in (buttons, banners):
        item.refresh_from_db()
        assert (item.on_hand, sum(item.moves.values_list("amount", flat=True))) == (0, 0)
        assert never_below_zero(item)
    assert set(Wave.objects.values_list("status", flat=True)) == {"allocated"}


# A row that changes in between


def waiting() -> bool:
    """Whether somebody waits for a row that somebody else holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_where_what_is_set_aside_changes_while_a_wave_is_frozen_nothing_happens():
    by, week = StaffFactory(), WeekFactory()
    item = stocked(week)
    RegistrationFactory(week=week, approved=True, members_count=40)
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy="pro-rata", by=by)

    def freeze():
        try:
            return waves.freeze_wave(wave=Wave.objects.get(), by=by)
        except waves.TotalsDiffer as stop:
            return stop.differences
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # Who freezes has read what is set aside by then, and waits to see what becomes of this box of the place.
            held = BoxFactory(registration=wave.places.get().registration, wave=wave)
            frozen = pool.submit(freeze)
            wait_until(waiting, 20, "the freeze to wait for the box")
            with connection.cursor() as cursor:
                cursor.execute("UPDATE campaigns_allocation SET given = given - 1")
            held.delete()
        assert frozen.result() == {item.pk: 1}
    assert (Box.objects.count(), Message.objects.count(), Wave.objects.get().status) == (0, 0, "allocated")


# A process killed in between


@contextmanager
def stopped_before_the_letter(key, code, *, by, pk) -> Iterator[None]:
    """A process that has written all but the letter of this key, and is killed there.

    A letter of the same key, of a transaction that never commits, is what it waits for.
    """
    with transaction.atomic():
        Message.objects.create(key=key, to="nobody@example.org", template="campaigns/box_shipped", context={})
        process = subprocess.Popen(
            [sys.executable, "-c", (RUN + code).format(by=by.pk, pk=pk)], cwd=ROOT, env=environment()
        )
        try:
            wait_until(waiting, 60, "the process to come to its letter")
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        transaction.set_rollback(True)
    wait_until(lambda: not others_at_work(), 20, "the database to notice")
    yield


def others_at_work() -> bool:
    """Whether another connection is in the middle of something."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state IN ('active', 'idle in transaction')"
        )
        return bool(cursor.fetchone()[0])


def test_killed_between_a_box_and_its_letter_it_is_shipped_once_by_the_next():
    by = StaffFactory()
    box = BoxFactory(status="checked", checked_at=timezone.now())
    key = f"box:{box.pk}:shipped"
    with stopped_before_the_letter(key, SHIP, by=by, pk=box.pk):
        box.refresh_from_db()
        assert (box.status, box.tracking_number, Message.objects.count()) == ("checked", "", 0)
    shipped = [
        shipping.ship_box(box=box, carrier="ups", tracking_number="1Z5R89390357567127", by=by) for _ in range(2)
    ]
    assert shipped == [True, False]
    assert list(Message.objects.values_list("key", flat=True)) == [key]


def test_killed_between_the_boxes_of_a_wave_and_a_letter_the_wave_is_frozen_once_by_the_next():
    by, week = StaffFactory(), WeekFactory()
    item = stocked(week)
    for _ in range(3):
        RegistrationFactory(week=week, approved=True, members_count=10)
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy="pro-rata", by=by)
    last = wave.places.latest("pk").registration_id
    with stopped_before_the_letter(f"registration:{last}:will-send:{wave.pk}", FREEZE, by=by, pk=wave.pk):
        assert (Box.objects.count(), Message.objects.count(), Wave.objects.get().status) == (0, 0, "allocated")
    assert len(waves.freeze_wave(wave=wave, by=by)) == 3
    assert (Box.objects.count(), Message.objects.filter(template="campaigns/what_we_send").count()) == (3, 3)
    item.refresh_from_db()
    assert item.on_hand == 40
