"""What was missing from a box is sent after it, once: with the next wave, or in a box of its own."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import kits
from campaigns.boxes import arrivals, making_good, shipping, waves
from campaigns.entering import homes
from campaigns.models import Allocation, Arrival, Box, Item, Owed, ShipTo, StockMove, Wave
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    BoxFactory,
    BoxLineFactory,
    ItemFactory,
    KitRuleFactory,
    RegistrationFactory,
    WeekFactory,
)
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return StaffFactory()


@pytest.fixture
def week():
    """A button for each member."""
    week = WeekFactory(year=2026)
    KitRuleFactory(week=week, item=ItemFactory(sku="button", name="Button", on_hand=100))
    return week


def button() -> Item:
    return Item.objects.get(sku="button")


def new_wave(week, by) -> Wave:
    """Opened, its materials set aside."""
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy=Wave.Policy.PRO_RATA, reason="if short", by=by)
    return wave


def sent(week, by, members=10) -> Box:
    """The box of a local of so many members, which has left with the first wave."""
    RegistrationFactory(week=week, approved=True, members_count=members)
    (box,) = waves.freeze_wave(wave=new_wave(week, by), by=by)
    Box.objects.filter(pk=box.pk).update(status="checked", checked_at=timezone.now())
    shipping.ship_box(box=box, carrier="ups", tracking_number=f"1Z{box.pk}", by=by)
    return Box.objects.get(pk=box.pk)


def missing(box, number=3) -> Arrival:
    return arrivals.tell_missing(box=box, missing={button().pk: number}, told_by="Ada")


def contents(box) -> list[tuple[str, int, str]]:
    return list(box.lines.values_list("item__sku", "quantity", "reason"))


def owed() -> list[tuple[int, Box | None]]:
    return [(each.quantity, each.sent_in) for each in Owed.objects.select_related("sent_in").order_by("pk")]


# With the next wave


def test_what_is_missing_joins_the_next_wave_that_is_opened_and_nothing_else_with_it(week, by):
    box = sent(week, by)
    assert making_good.send_with_next_wave(arrival=missing(box), by=by) is None
    assert owed() == [(3, None)]
    newcomer = RegistrationFactory(week=week, approved=True, members_count=5)
    wave = new_wave(week, by)
    assert set(wave.places.all()) == {box.place, newcomer.place}
    lines = {line.place: (line.given, line.reason) for line in wave.allocations.all()}
    assert lines == {box.place: (3, f"missing from box {box}"), newcomer.place: (5, "5 members")}
    boxes = {each.place: each for each in waves.freeze_wave(wave=wave, by=by)}
    assert contents(boxes[box.place]) == [("button", 3, f"missing from box {box}")]
    assert owed() == [(3, boxes[box.place])]
    assert button().on_hand == 100 - 10 - 3 - 5
    with pytest.raises(kits.NobodyWaits):
        kits.open_wave(week=week, by=by)
    letter = Message.objects.filter(template="campaigns/what_we_send", to=box.registration.email).latest("pk")
    assert letter.context["boxes"][0]["contents"] == ["3 × Button"]


def test_it_joins_a_wave_that_is_open_already(week, by):
    box = sent(week, by)
    RegistrationFactory(week=week, approved=True, members_count=5)
    wave = kits.open_wave(week=week, by=by)
    assert making_good.send_with_next_wave(arrival=missing(box), by=by) == wave
    assert [(line.place, line.given) for line in kits.plan(wave).lines if line.place == box.place] == [(box.place, 3)]


def test_accepted_twice_it_is_sent_once(week, by):
    box = sent(week, by)
    arrival = missing(box)
    making_good.send_with_next_wave(arrival=arrival, by=by)
    making_good.send_with_next_wave(arrival=arrival, by=by)
    waves.freeze_wave(wave=new_wave(week, by), by=by)
    for again in (making_good.send_with_next_wave, making_good.send_in_own_box):
        with pytest.raises(making_good.SentBefore):
            again(arrival=arrival, by=by)
    assert (Box.objects.count(), button().on_hand) == (2, 87)


def test_accepting_settles_what_the_local_said_and_the_box_counts_as_delivered(week, by):
    box = sent(week, by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    box.refresh_from_db()
    assert (box.status, Arrival.objects.get().settled_by) == ("delivered", by)
    assert LogEntry.objects.filter(change_message="Sends what is missing (wave: the next one)").count() == 1


def test_where_there_is_too_little_the_rest_stays_owed(week, by):
    box = sent(week, by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    Item.objects.update(on_hand=2)
    (first,) = waves.freeze_wave(wave=new_wave(week, by), by=by)
    assert (contents(first)[0][1], owed()) == (2, [(1, None)])
    Item.objects.update(on_hand=9)
    (second,) = waves.freeze_wave(wave=new_wave(week, by), by=by)
    assert (contents(second)[0][1], owed()) == (1, [(1, second)])


def test_of_a_wave_that_is_called_off_it_goes_with_the_one_after(week, by):
    box = sent(week, by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    wave = new_wave(week, by)
    with pytest.raises(making_good.SentBefore):
        making_good.send_in_own_box(arrival=Arrival.objects.get(), by=by)
    kits.release(wave=wave, by=by)
    kits.cancel_wave(wave=wave, by=by)
    assert button().on_hand == 90
    assert list(new_wave(week, by).places.all()) == [box.place]


def test_what_was_missing_from_two_boxes_of_a_place_comes_together(week, by):
    box = sent(week, by, members=20)
    other = BoxFactory(
        registration=box.registration, place=box.place, wave=box.wave, part=2, shipped=True, tracking_number="1Z0"
    )
    BoxLineFactory(box=other, item=button(), quantity=6)
    for each, number in ((box, 3), (other, 4)):
        making_good.send_with_next_wave(arrival=missing(each, number), by=by)
    (again,) = waves.freeze_wave(wave=new_wave(week, by), by=by)
    assert contents(again) == [("button", 7, f"missing from box {box} and missing from box {other}")]
    assert owed() == [(3, again), (4, again)]


def test_the_printer_is_asked_for_what_is_owed(week, by):
    box = sent(week, by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    Item.objects.update(on_hand=1)
    (line,) = kits.order_list(week)
    assert (line.needed, line.missing) == (3, 2)
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy=Wave.Policy.PRO_RATA, reason="short", by=by)
    assert kits.order_list(week)[0].needed == 0


# In a box of its own


def test_what_is_missing_goes_in_a_box_of_its_own_from_the_stock(week, by):
    box = sent(week, by)
    other = making_good.send_in_own_box(arrival=missing(box), by=by)
    assert (other.place, other.wave, other.part, other.status) == (box.place, box.wave, 2, "planned")
    assert contents(other) == [("button", 3, f"missing from box {box}")]
    assert (owed(), button().on_hand) == ([(3, other)], 87)
    assert StockMove.objects.latest("pk").note == f"{other} after {box}"
    with pytest.raises(making_good.SentBefore):
        making_good.send_in_own_box(arrival=Arrival.objects.get(), by=by)


def test_where_the_stock_does_not_suffice_nothing_happens(week, by):
    box = sent(week, by)
    arrival = missing(box)
    Item.objects.update(on_hand=2)
    with pytest.raises(kits.OutOfStock):
        making_good.send_in_own_box(arrival=arrival, by=by)
    assert (Box.objects.count(), Owed.objects.count(), Arrival.objects.needed().count()) == (1, 0, 1)


def test_what_waits_for_a_wave_may_still_go_alone(week, by):
    box = sent(week, by)
    RegistrationFactory(week=week, approved=True, members_count=5)
    wave = kits.open_wave(week=week, by=by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    making_good.send_in_own_box(arrival=Arrival.objects.get(), by=by)
    assert [line.place for line in kits.plan(wave).lines if line.place == box.place] == []


def test_who_counts_again_is_owed_what_they_say_now_and_who_found_it_is_owed_nothing(week, by):
    box = sent(week, by)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    making_good.send_with_next_wave(arrival=missing(box, 5), by=by)
    assert owed() == [(5, None)]
    arrivals.tell_all_here(box=box, told_by="Ada")
    assert owed() == []


def test_without_an_item_or_an_address_nothing_can_be_sent(week, by):
    box = sent(week, by)
    in_words = arrivals.tell_missing(box=box, missing={}, note="All wet", told_by="Ada")
    with pytest.raises(making_good.NoItemNamed):
        making_good.send_with_next_wave(arrival=in_words, by=by)
    ShipTo.objects.filter(pk=box.place_id).update(
        is_home=True, erased_at=timezone.now(), name="", address1="", address2="", standard={}
    )
    with pytest.raises(making_good.NoAddress):
        making_good.send_in_own_box(arrival=missing(box), by=by)


def test_a_home_is_kept_while_something_is_still_owed_to_it(week, by):
    box = sent(week, by)
    ShipTo.objects.update(is_home=True)
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    Box.objects.update(delivered_at=timezone.now() - timedelta(days=30))
    assert homes.erase() == 0
    Owed.objects.all().delete()
    assert homes.erase() == 1


def test_the_local_reads_on_its_page_what_is_sent_after_the_box(client, week, by):
    box = sent(week, by)
    page = f"/registration/{box.registration.key}/"
    making_good.send_with_next_wave(arrival=missing(box), by=by)
    assert "<dt>We send after it</dt><dd>3 × Button</dd>" in client.get(page).content.decode()
    assert "<dt>Lo que enviamos después</dt>" in client.get(f"/es{page}").content.decode()


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_several_who_send_it_at_once_each_in_their_way_send_it_once():
    by, week = StaffFactory(), WeekFactory()
    KitRuleFactory(week=week, item=ItemFactory(sku="button", on_hand=100))
    box = sent(week, by)
    arrival = missing(box)

    def act(how):
        try:
            return bool(how(arrival=arrival, by=by))
        except making_good.SentBefore:
            return None

    own, wave = making_good.send_in_own_box, making_good.send_with_next_wave
    at_once(*[lambda how=how: act(how) for how in (own, wave, own, wave, own)])
    assert (Box.objects.count(), button().on_hand, Owed.objects.get().sent_in is not None) == (2, 87, True)


@pytest.mark.django_db(transaction=True)
def test_sent_alone_while_a_wave_sets_it_aside_it_is_sent_once():
    by, week = StaffFactory(), WeekFactory()
    KitRuleFactory(week=week, item=ItemFactory(sku="button", on_hand=100))
    for number in range(3):
        box = sent(week, by)
        arrival = missing(box)
        making_good.send_with_next_wave(arrival=arrival, by=by)
        wave = kits.open_wave(week=week, by=by)

        def alone(arrival=arrival):
            try:
                return making_good.send_in_own_box(arrival=arrival, by=by)
            except making_good.SentBefore:
                return None

        def set_aside(wave=wave):
            kits.allocate(wave=wave, policy="pro-rata", by=by)

        at_once(alone, set_aside)
        aside = sum(Allocation.objects.filter(wave=wave).values_list("given", flat=True))
        in_box = sum(Box.objects.filter(part=2, place=box.place).values_list("lines__quantity", flat=True))
        assert aside + in_box == 3
        assert button().on_hand == 100 - 13 * (number + 1)
        if aside:
            waves.freeze_wave(wave=wave, by=by)
        else:
            kits.release(wave=wave, by=by)
            kits.cancel_wave(wave=wave, by=by)


# The staff's list


LIST = "/admin/campaigns/arrival/"


def test_staff_send_what_is_missing_from_the_list_and_read_why_not(client, week, by):
    box = sent(week, by)
    arrival = missing(box)
    words = BoxFactory(registration__week=week, shipped=True)
    in_words = arrivals.tell_missing(box=words, missing={}, note="All wet", told_by="Ada")
    client.force_login(by)
    chosen = {"action": "send_with_next_wave", "_selected_action": [arrival.pk, in_words.pk]}
    said = [str(message) for message in client.post(LIST, chosen, follow=True).context["messages"]]
    assert said == [
        f"{words}: no item is named; read what the local wrote, and pack by hand.",
        "What is missing from 1 box goes with the next wave.",
    ]
    assert "3 × Button with the next wave" in client.get(LIST).content.decode()
    client.post(LIST, {**chosen, "action": "send_in_own_box"})
    other = Box.objects.get(part=2)
    assert f"3 × Button in box {other}" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [("campaigns_owed_quantity", {"quantity": 0}), ("campaigns_owed_another_box", {"sent_in": "itself"})],
)
def test_the_database_refuses_to_owe_nothing_or_to_send_it_in_the_box_it_is_missing_from(constraint, values):
    line = BoxLineFactory()
    values = {"quantity": 1, **values}
    if "sent_in" in values:
        values["sent_in"] = line.box
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Owed.objects.create(box=line.box, item=line.item, **values)


def test_the_database_owes_an_item_of_a_box_once():
    line = BoxLineFactory()
    Owed.objects.create(box=line.box, item=line.item, quantity=1)
    with pytest.raises(IntegrityError, match="campaigns_owed_once"), transaction.atomic():
        Owed.objects.create(box=line.box, item=line.item, quantity=1)
