"""What staff do about materials, through the pages they do it on."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission

from campaigns import kits
from campaigns.models import Allocation, Item, KitRule, StockMove, Wave
from tests.campaigns.factories import ItemFactory, KitRuleFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

ITEMS = "/admin/campaigns/item/"
WAVES = "/admin/campaigns/wave/"


@pytest.fixture
def staff(client):
    """A superuser who is logged in."""
    person = StaffFactory()
    client.force_login(person)
    return person


@pytest.fixture
def wave(staff):
    """Two locals of 40 and 60 members want one of an item for each; there are fifty."""
    week, item = WeekFactory(), ItemFactory(name="Button", sku="button", pack_size=25)
    kits.move_stock(item=item, amount=50, kind=StockMove.Kind.RECEIVED, key="in", by=None)
    KitRuleFactory(week=week, item=item)
    for members in (40, 60):
        RegistrationFactory(week=week, approved=True, members_count=members)
    return kits.open_wave(week=week, by=staff)


def kits_page(wave) -> str:
    return f"{WAVES}{wave.pk}/kits/"


def moved(item) -> list[tuple[str, int]]:
    return list(item.moves.order_by("pk").values_list("kind", "amount"))


def test_staff_receive_count_and_write_off(client, staff):
    item = ItemFactory()
    for kind, pieces in (("received", 100), ("written-off", 4), ("counted", 90)):
        answer = client.post(f"{ITEMS}{item.pk}/stock/", {"kind": kind, "pieces": pieces, "key": uuid4()})
        assert answer.status_code == 303
    assert moved(item) == [("received", 100), ("written-off", -4), ("counted", -6)]
    assert Item.objects.get().on_hand == 90
    assert list(item.moves.values_list("by", flat=True).distinct()) == [staff.pk]
    assert "90 on hand" in client.get(f"{ITEMS}{item.pk}/stock/").content.decode()


def test_a_stock_form_sent_twice_is_one_move(client, staff):
    item, sent = ItemFactory(), {"kind": "received", "pieces": 10, "key": uuid4()}
    assert [client.post(f"{ITEMS}{item.pk}/stock/", sent).status_code for _ in range(2)] == [303, 303]
    assert moved(item) == [("received", 10)]


@pytest.mark.parametrize(("kind", "pieces"), [("written-off", 1), ("received", 0), ("received", -3), ("allocated", 2)])
def test_what_cannot_be_on_the_shelf_is_told(client, staff, kind, pieces):
    item = ItemFactory()
    answer = client.post(f"{ITEMS}{item.pk}/stock/", {"kind": kind, "pieces": pieces, "key": uuid4(), "note": "kept"})
    assert (answer.status_code, moved(item)) == (422, [])
    assert 'value="kept"' in answer.content.decode()


def test_items_are_retired_and_packed_again(client, staff):
    item = ItemFactory()
    for name, is_retired in (("retire", True), ("pack_again", False)):
        client.post(ITEMS, {"action": name, "_selected_action": [item.pk]})
        assert Item.objects.get().is_retired is is_retired


def test_the_stock_is_not_typed_on_the_item(client, staff):
    item = ItemFactory()
    values = {"name": "Pin", "sku": item.sku, "unit": "pin", "pack_size": 10, "weight_grams": 3, "low_at": 5}
    assert client.post(f"{ITEMS}{item.pk}/change/", {**values, "on_hand": 900}).status_code == 302
    item.refresh_from_db()
    assert (item.name, item.pack_size, item.on_hand) == ("Pin", 10, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_the_same_few_times(client, staff, count, django_assert_num_queries):
    ItemFactory.create_batch(count)
    for _ in range(count):
        week = WeekFactory()
        RegistrationFactory(week=week, approved=True)
        kits.open_wave(week=week, by=staff)
    for page, queries in ((ITEMS, 5), (WAVES, 6)):
        client.get(page)
        with django_assert_num_queries(queries):
            assert client.get(page).status_code == 200


def test_a_wave_is_opened_of_what_waits(client, staff):
    registration = RegistrationFactory(approved=True)
    answer = client.post(f"{WAVES}add/", {"week": registration.week_id, "districts": ""})
    wave = Wave.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, kits_page(wave))
    assert list(wave.places.all()) == [registration.place]
    assert client.post(f"{WAVES}add/", {"week": registration.week_id}).status_code == 422


def test_the_preview_shows_what_each_place_would_get_and_why(client, wave):
    words = client.get(kits_page(wave)).content.decode()
    assert "<strong>20</strong> of 40<br>40 members" in words
    assert "There is too little of 1" in words
    assert "Set the materials aside" in words


def test_staff_ask_what_if_and_nothing_is_saved(client, wave):
    rule, item = KitRule.objects.get(), Item.objects.get()
    asked = {"policy": "first-come", f"amount-{rule.pk}": 2, f"over-{rule.pk}": 10, f"stock-{item.pk}": 100}
    words = client.get(kits_page(wave), asked).content.decode()
    assert "<strong>88</strong><br>40 members × 2 = 80 + 10 % = 88" in words
    assert "<strong>12</strong> of 132" in words
    assert "Set the materials aside" not in words
    rule.refresh_from_db()
    assert (rule.amount, Item.objects.get().on_hand, Allocation.objects.count()) == (1, 50, 0)
    assert client.get(kits_page(wave), {f"amount-{rule.pk}": 0}).status_code == 422


def test_staff_set_materials_aside_give_by_hand_and_give_them_back(client, wave):
    page = kits_page(wave)
    assert client.post(page, {"do": "allocate", "policy": "pro-rata", "reason": ""}).status_code == 422
    assert client.post(page, {"do": "allocate", "policy": "pro-rata", "reason": "short"}).status_code == 303
    first, second = wave.allocations.order_by("place")
    assert "By hand" in client.get(page).content.decode()

    for given, reason, status in ((5, "theirs", 303), (41, "more", 422), (5, " ", 422)):
        sent = {"do": "by-hand", "given": given, "reason": reason}
        assert client.post(f"{page}?line={first.pk}", sent).status_code == status
    first.refresh_from_db()
    assert (first.given, second.given, Item.objects.get().on_hand) == (5, 30, 15)

    assert client.post(page, {"do": "release"}).status_code == 303
    assert (Allocation.objects.count(), Item.objects.get().on_hand) == (0, 50)
    assert client.post(page, {"do": "cancel"}).status_code == 303
    assert Wave.objects.get().status == "cancelled"
    assert "Nothing is set aside" in client.get(page).content.decode()


def test_what_was_tried_out_only_is_not_set_aside(client, wave):
    page = f"{kits_page(wave)}?stock-{Item.objects.get().pk}=900"
    assert client.post(page, {"do": "allocate", "policy": "pro-rata", "reason": "short"}).status_code == 422
    assert Allocation.objects.count() == 0


def test_a_place_is_taken_out_and_waits_for_the_next_wave(client, wave, staff):
    place = wave.places.order_by("pk").first()
    for status in (303, 404):
        assert client.post(kits_page(wave), {"do": "take-out", "place": place.pk}).status_code == status
    assert list(kits.waiting_places(wave.week)) == [place]
    assert wave.places.count() == 1
    kits.allocate(wave=wave, policy="pro-rata", reason="short", by=staff)
    with pytest.raises(kits.OtherState):
        kits.take_out(wave=wave, place=wave.places.get(), by=staff)


def test_who_may_only_look_changes_nothing(client, wave):
    clerk = StaffFactory(is_superuser=False)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_wave"))
    client.force_login(clerk)
    answer = client.get(kits_page(wave))
    assert (answer.status_code, "Set the materials aside" in answer.content.decode()) == (200, False)
    assert client.post(kits_page(wave), {"do": "cancel"}).status_code == 403
    assert client.get(f"{WAVES}add/").status_code == 403
    assert client.get(f"{ITEMS}{Item.objects.get().pk}/stock/").status_code == 403


def test_the_order_list_is_a_page_and_a_csv(client, wave):
    page = f"{WAVES}order/{wave.week_id}/"
    assert "50 (2 × 25)" in client.get(page).content.decode()
    lines = b"".join(client.get(page, {"as": "csv"}).streaming_content).decode().splitlines()
    assert lines == [
        "SKU,Item,Needed,On hand,Missing,Pack of,Packs to order,Pieces to order",
        "button,Button,100,50,50,25,2,50",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_asks_the_database_the_same_few_times(client, staff, count, django_assert_num_queries):
    week = WeekFactory()
    KitRuleFactory(week=week)
    RegistrationFactory.create_batch(count, week=week, approved=True)
    wave = kits.open_wave(week=week, by=staff)
    client.get(kits_page(wave))
    with django_assert_num_queries(12):
        client.get(kits_page(wave))
