"""Stock and waves on real rows: what is set aside is there, once, and never more than there is."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns import kits
from campaigns.entering import registering
from campaigns.kits import OutOfStock
from campaigns.models import Allocation, Item, ShipTo, StockMove, Wave
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    ItemFactory,
    KitRuleFactory,
    RegistrationFactory,
    ShipToFactory,
    WeekFactory,
    WeekTaskFactory,
)
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db
Kind = StockMove.Kind


def receive(item, amount):
    kits.move_stock(item=item, amount=amount, kind=Kind.RECEIVED, key=f"in:{item.pk}", by=None)


def ledger(item) -> list[tuple[str, int]]:
    return list(item.moves.order_by("pk").values_list("kind", "amount"))


def given(wave) -> list[int]:
    return list(wave.allocations.order_by("place", "item").values_list("given", flat=True))


@pytest.fixture
def by():
    return StaffFactory()


@pytest.fixture
def item():
    """Fifty of it."""
    item = ItemFactory()
    receive(item, 50)
    return item


@pytest.fixture
def wave(item, by):
    """Two locals of 40 and 60 members, who want one of the item for each."""
    week = WeekFactory()
    KitRuleFactory(week=week, item=item)
    for members in (40, 60):
        RegistrationFactory(week=week, approved=True, members_count=members)
    return kits.open_wave(week=week, by=by)


# The ledger


def test_a_move_that_is_told_twice_is_one(item):
    move = {"item": item, "amount": 7, "kind": Kind.RECEIVED, "key": "truck 9", "by": None}
    assert [kits.move_stock(**move), kits.move_stock(**move)] == [True, False]
    item.refresh_from_db()
    assert (item.on_hand, ledger(item)) == (57, [("received", 50), ("received", 7)])


def test_what_is_not_there_does_not_go(item):
    with pytest.raises(OutOfStock, match=r"51 of .* wanted, 50 on hand"):
        kits.move_stock(item=item, amount=-51, kind=Kind.WRITTEN_OFF, key="fire", by=None)
    item.refresh_from_db()
    assert (item.on_hand, ledger(item)) == (50, [("received", 50)])


@pytest.mark.parametrize(("counted", "on_hand", "move"), [(47, 47, -3), (52, 52, 2)])
def test_a_count_writes_down_the_difference(item, by, counted, on_hand, move):
    assert kits.count_stock(item=item, counted=counted, key="count", by=by) == move
    item.refresh_from_db()
    assert (item.on_hand, ledger(item)[-1]) == (on_hand, ("counted", move))


def test_a_count_that_agrees_writes_nothing(item, by):
    assert kits.count_stock(item=item, counted=50, key="count", by=by) == 0
    assert ledger(item) == [("received", 50)]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_take_the_last_pieces_and_not_one_more(item):
    def take(number):
        try:
            return kits.move_stock(item=Item(pk=item.pk), amount=-3, kind=Kind.ALLOCATED, key=f"t{number}", by=None)
        except OutOfStock:
            return False

    took = at_once(*(lambda number=number: take(number) for number in range(50)))

    item.refresh_from_db()
    assert (took.count(True), item.on_hand) == (16, 2)
    assert sum(amount for _, amount in ledger(item)) == 2


# Low stock


def test_staff_who_keep_the_stock_are_told_once_for_each_time_it_runs_low(item, by):
    Item.objects.update(low_at=20)
    StaffFactory(is_superuser=False)
    for number, amount in enumerate((-25, -10, -5, 30, -25)):
        item.refresh_from_db()
        kind = Kind.RECEIVED if amount > 0 else Kind.WRITTEN_OFF
        kits.move_stock(item=item, amount=amount, kind=kind, key=f"m{number}", by=None)
    letters = Message.objects.filter(template="campaigns/low_stock").order_by("pk")
    assert [(letter.to, letter.context["on_hand"]) for letter in letters] == [(by.email, 15), (by.email, 15)]


# Waves


def test_a_wave_takes_each_approved_place_once_and_no_unsafe_one(by):
    week = WeekFactory()
    first = RegistrationFactory(week=week, approved=True)
    RegistrationFactory(week=week)
    RegistrationFactory(week=week, approved=True, main_place__verdict=ShipTo.Verdict.UNSAFE)
    RegistrationFactory(approved=True)
    wave = kits.open_wave(week=week, by=by)
    assert list(wave.places.all()) == [first.place]
    with pytest.raises(kits.NobodyWaits):
        kits.open_wave(week=week, by=by)
    kits.cancel_wave(wave=wave, by=by)
    again = kits.open_wave(week=week, by=by)
    assert (again.number, list(again.places.all())) == (2, [first.place])


def test_a_wave_can_be_of_some_districts(by):
    week = WeekFactory()
    for district in ("3", "6", "7"):
        RegistrationFactory(week=week, approved=True, local=LocalFactory(district=district))
    RegistrationFactory(week=week, approved=True, local=LocalFactory(district=""), district="3")  # as the local says
    wave = kits.open_wave(week=week, by=by, districts=["3", "7"])
    assert sorted(place.registration.home_district for place in wave.places.all()) == ["3", "3", "7"]


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_wave_at_once_do_not_take_the_same_places(by):
    week = WeekFactory()
    RegistrationFactory(week=week, approved=True)

    def open_one():
        try:
            return kits.open_wave(week=week, by=by).number
        except kits.NobodyWaits:
            return None

    assert sorted(at_once(open_one, open_one), key=str) == [1, None]


# Plans


def test_a_plan_says_what_is_short_and_writes_nothing(wave, item):
    found = kits.plan(wave)
    assert [(line.wanted, line.given, line.reason) for line in found.lines] == [
        (40, 20, "40 members"),
        (60, 30, "60 members"),
    ]
    assert [(short.item, short.wanted, short.on_hand, short.missing) for short in found.shortages] == [
        (item, 100, 50, 50)
    ]
    assert Allocation.objects.count() == 0


def test_staff_ask_what_if_the_stock_or_a_rule_were_another(wave, item):
    assert [line.given for line in kits.plan(wave, policy="first-come", stock={item.pk: 70}).lines] == [40, 30]
    other = kits.rules_of(wave.week)
    other[0].kind, other[0].amount = "per-place", 5
    assert kits.plan(wave, rules=other).shortages == []


def test_what_is_no_longer_packed_and_who_has_withdrawn_is_not_planned_for(wave, item):
    registering.withdraw_registration(registration=wave.places.first().registration)
    assert len(kits.plan(wave).lines) == 1
    Item.objects.update(is_retired=True)
    assert kits.plan(wave).lines == []


def test_branches_share_the_members_and_the_local_gets_its_own_once(item, by):
    week = WeekFactory()
    KitRuleFactory(week=week, item=item)
    KitRuleFactory(week=week, item=item, kind="per-local", amount=2)
    registration = RegistrationFactory(week=week, approved=True, members_count=30)
    ShipToFactory(registration=registration, position=2, members_count=12)
    found = kits.plan(kits.open_wave(week=week, by=by))
    assert [(line.given, line.reason) for line in found.lines] == [
        (20, "18 members and 2 for the local"),
        (12, "12 members"),
    ]


def test_a_rule_for_a_task_asks_what_the_local_pledged(item, by):
    week = WeekFactory()
    task = WeekTaskFactory(week=week)
    KitRuleFactory(week=week, item=item, task=task)
    keen, _ = (RegistrationFactory(week=week, approved=True, members_count=5) for _ in range(2))
    keen.tasks.add(task)
    found = kits.plan(kits.open_wave(week=week, by=by))
    assert [(line.place, line.given) for line in found.lines] == [(keen.place, 5)]


@pytest.mark.parametrize("locals_", [1, 3])
def test_a_plan_asks_the_database_the_same_few_times(item, by, locals_, django_assert_num_queries):
    week = WeekFactory()
    KitRuleFactory(week=week, item=item)
    RegistrationFactory.create_batch(locals_, week=week, approved=True)
    wave = kits.open_wave(week=week, by=by)
    with django_assert_num_queries(7):
        kits.plan(wave)


# Setting aside


def test_what_is_set_aside_leaves_the_stock_with_a_reason(wave, item, by):
    kits.allocate(wave=wave, policy="first-come", reason="They asked in spring", by=by)
    item.refresh_from_db()
    assert (given(wave), item.on_hand) == ([40, 10], 0)
    assert ledger(item)[1:] == [("allocated", -50)]
    assert (wave.status, wave.policy, wave.reason) == ("allocated", "first-come", "They asked in spring")
    assert LogEntry.objects.filter(user=by, change_message__contains="They asked in spring").count() == 1


def test_a_shortage_wants_a_reason(wave, by):
    with pytest.raises(kits.ReasonNeeded):
        kits.allocate(wave=wave, policy="pro-rata", reason=" ", by=by)
    assert Wave.objects.get().status == "open"


def test_setting_aside_twice_is_refused_and_moves_nothing(wave, item, by):
    kits.allocate(wave=wave, policy="pro-rata", reason="short", by=by)
    with pytest.raises(kits.OtherState, match="materials set aside"):
        kits.allocate(wave=wave, policy="pro-rata", reason="short", by=by)
    assert len(ledger(item)) == 2


def test_what_was_set_aside_can_be_given_back_and_set_aside_anew(wave, item, by):
    for _ in range(2):
        kits.allocate(wave=wave, policy="pro-rata", reason="short", by=by)
        kits.release(wave=wave, by=by)
    item.refresh_from_db()
    assert (item.on_hand, Allocation.objects.count(), Wave.objects.get().status) == (50, 0, "open")
    assert ledger(item)[1:] == [("allocated", -50), ("released", 50)] * 2
    with pytest.raises(kits.OtherState):
        kits.release(wave=wave, by=by)


def test_staff_give_by_hand_with_a_reason_and_the_ledger_follows(wave, item, by):
    kits.allocate(wave=wave, policy="pro-rata", reason="short", by=by)
    first, second = wave.allocations.order_by("place")
    kits.give_by_hand(allocation=first, given=5, reason="They print their own", by=by)
    kits.give_by_hand(allocation=second, given=45, reason="Their week is big", by=by)
    item.refresh_from_db()
    assert (given(wave), item.on_hand) == ([5, 45], 0)
    first.refresh_from_db()
    assert (first.reason, first.is_by_hand) == ("40 members; by hand: They print their own", True)
    for number, error in ((46, OutOfStock), (61, kits.TooMany)):
        with pytest.raises(error):
            kits.give_by_hand(allocation=second, given=number, reason="More", by=by)
    with pytest.raises(kits.ReasonNeeded):
        kits.give_by_hand(allocation=second, given=1, reason="", by=by)
    assert given(wave) == [5, 45]
    assert -sum(amount for _, amount in ledger(item)[1:]) == sum(given(wave))


@pytest.mark.django_db(transaction=True)
def test_waves_that_want_the_last_stock_at_once_get_together_what_there_is(item, by):
    week = WeekFactory()
    KitRuleFactory(week=week, item=item)
    waves = []
    for _ in range(10):
        RegistrationFactory(week=week, approved=True, members_count=8)
        waves.append(kits.open_wave(week=week, by=by))

    def set_aside(wave):
        try:
            kits.allocate(wave=Wave(pk=wave.pk), policy="pro-rata", reason="The last ones", by=by)
        except kits.OtherState:
            return False
        return True

    # Each wave is tried five times over, so fifty at once.
    done = at_once(*(lambda wave=wave: set_aside(wave) for wave in waves * 5))

    item.refresh_from_db()
    assert done.count(True) == 10
    assert sorted(Allocation.objects.values_list("given", flat=True)) == [0, 0, 0, 2, 8, 8, 8, 8, 8, 8]
    assert (item.on_hand, sum(amount for _, amount in ledger(item))) == (0, 0)


# The printer


def test_the_order_list_asks_for_what_is_missing_in_whole_packs(by):
    week = WeekFactory()
    item = ItemFactory(pack_size=25)
    receive(item, 50)
    KitRuleFactory(week=week, item=item, over_percent=10)
    RegistrationFactory(week=week, approved=True, members_count=40)
    wave = kits.open_wave(week=week, by=by)
    RegistrationFactory(week=week, members_count=100)
    RegistrationFactory(week=week, status="declined", declined_at=week.published_at)
    (line,) = kits.order_list(week)
    assert (line.needed, line.on_hand, line.missing, line.packs, line.pieces) == (154, 50, 104, 5, 125)
    kits.allocate(wave=wave, policy="pro-rata", by=by)
    (line,) = kits.order_list(week)
    assert (line.needed, line.on_hand, line.missing, line.packs, line.places) == (110, 6, 104, 5, 1)
