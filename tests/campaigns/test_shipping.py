"""Boxes: one for each approved registration, shipped once."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.boxes import shipping
from campaigns.entering import registering
from campaigns.entering.registering import BoxHasLeft
from campaigns.models import Box, Registration
from campaigns.models.boxes import CODE_ALPHABET, new_code
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, BoxLineFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

STATES = Box.Status


def ship(box, number="1Z999", by=None) -> bool:
    return shipping.ship_box(box=box, carrier="ups", tracking_number=number, by=by or StaffFactory())


def told() -> list[str]:
    """To whom a box was announced."""
    return list(Message.objects.filter(template="campaigns/box_shipped").values_list("to", flat=True))


def test_a_code_is_short_and_can_be_read_aloud():
    year, _, rest = new_code(2026).partition("-")
    assert (year, len(rest)) == ("26", 4)
    assert set(rest) <= set(CODE_ALPHABET)
    assert not set("0O1ILU") & set(CODE_ALPHABET)


def test_each_approved_registration_gets_one_box_and_a_second_press_makes_none():
    by = StaffFactory()
    approved = [RegistrationFactory(approved=True), RegistrationFactory(approved=True)]
    waiting = RegistrationFactory()

    made = shipping.create_boxes(registrations=[*approved, waiting], by=by)
    again = shipping.create_boxes(registrations=Registration.objects.all(), by=by)

    assert [box.registration for box in made] == approved
    assert again == []
    assert Box.objects.count() == 2
    assert LogEntry.objects.filter(user=by, change_message="Created").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_making_boxes_at_once_make_one_each():
    by = StaffFactory()
    for _ in range(5):
        RegistrationFactory(approved=True)
    made = at_once(*[lambda: shipping.create_boxes(registrations=Registration.objects.all(), by=by)] * 2)
    assert sorted(len(boxes) for boxes in made) == [0, 5]
    assert Box.objects.count() == 5


def test_a_code_that_is_taken_is_not_used_again(monkeypatch):
    taken = BoxFactory(code="26-AAAA", shipped=True, status=STATES.LOST)
    codes = iter(["26-AAAA", "26-AAAA", "26-BBBB"])
    monkeypatch.setattr(shipping, "new_code", lambda year: next(codes))
    (box,) = shipping.create_boxes(registrations=[taken.registration], by=StaffFactory())
    assert box.code == "26-BBBB"
    monkeypatch.setattr(shipping, "new_code", lambda year: "26-AAAA")
    with pytest.raises(shipping.NoFreeCode):
        shipping.create_boxes(registrations=[RegistrationFactory(approved=True)], by=StaffFactory())


def test_shipping_writes_down_how_and_tells_the_local_once():
    by, box = StaffFactory(), BoxFactory(status=STATES.PACKED)

    assert ship(box, by=by) is True
    assert ship(box, number="1Z000", by=by) is False

    box.refresh_from_db()
    assert (box.status, box.carrier, box.tracking_number) == (STATES.SHIPPED, "ups", "1Z999")
    assert box.shipped_at is not None
    assert told() == [box.registration.email]
    assert Message.objects.get().key == f"box:{box.pk}:shipped"
    assert [entry.change_message for entry in LogEntry.objects.all()] == [
        "Shipped (carrier: ups, tracking_number: 1Z999)"
    ]


def test_the_letter_says_what_lies_in_the_box_and_none_is_written_where_staff_say_so():
    box = BoxFactory(status=STATES.PACKED)
    BoxLineFactory(box=box, quantity=12, packed=10, short_reason="ran out")
    ship(box)
    assert Message.objects.get().context["contents"] == ["10 × Red button"]
    quiet = {"carrier": "ups", "tracking_number": "1Z000", "by": StaffFactory(), "notifies": False}
    assert shipping.ship_box(box=BoxFactory(), **quiet) is True
    assert told() == [box.registration.email]


@pytest.mark.django_db(transaction=True)
def test_two_people_shipping_at_once_ship_once():
    box, people = BoxFactory(), [StaffFactory(), StaffFactory()]
    results = at_once(*[lambda by=by: ship(Box.objects.get(), number=f"1Z{by.pk}", by=by) for by in people])
    assert sorted(results) == [False, True]
    assert told() == [box.registration.email]
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_box_never_leaves_for_a_local_that_withdraws_at_the_same_moment():
    by = StaffFactory()
    for number in range(8):
        box = BoxFactory()

        def withdraw(registration=box.registration) -> bool:
            try:
                return registering.withdraw_registration(registration=registration)
            except BoxHasLeft:
                return False

        shipped, withdrawn = at_once(lambda box=box, number=number: ship(box, f"1Z{number}", by), withdraw)
        assert shipped is not withdrawn
        box.refresh_from_db()
        assert box.status == (STATES.SHIPPED if shipped else STATES.CANCELLED)


def test_a_tracking_number_of_another_box_is_refused_and_nothing_is_written():
    ship(BoxFactory(), number="1Z999")
    second = BoxFactory()
    with pytest.raises(shipping.TrackingNumberTaken):
        ship(second, number="1Z999")
    second.refresh_from_db()
    assert second.status == STATES.PLANNED
    assert len(told()) == 1


def test_a_box_of_a_declined_registration_does_not_leave():
    box = BoxFactory()
    registering.decline(registrations=[box.registration], by=StaffFactory())
    assert ship(box) is False
    assert told() == []


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (shipping.mark_packed, STATES.PLANNED, STATES.PACKED),
        (shipping.mark_delivered, STATES.SHIPPED, STATES.DELIVERED),
        (shipping.mark_lost, STATES.SHIPPED, STATES.LOST),
        (shipping.mark_returned, STATES.SHIPPED, STATES.RETURNED),
    ],
)
def test_a_box_moves_on_only_from_where_it_can(act, before, after):
    by = StaffFactory()
    planned, shipped = BoxFactory(), BoxFactory(shipped=True)

    assert act(boxes=Box.objects.all(), by=by) == 1
    assert act(boxes=Box.objects.all(), by=by) == 0

    states = dict(Box.objects.values_list("pk", "status"))
    unmoved = shipped if before == STATES.PLANNED else planned
    moved = planned if before == STATES.PLANNED else shipped
    assert states == {moved.pk: after, unmoved.pk: unmoved.status}
    assert (Box.objects.get(pk=moved.pk).delivered_at is not None) is (after == STATES.DELIVERED)
    assert [entry.change_message for entry in LogEntry.objects.all()] == [f"Marked as {after}"]


def test_a_lost_box_can_be_replaced():
    box, by = BoxFactory(shipped=True), StaffFactory()
    shipping.mark_lost(boxes=[box], by=by)
    (second,) = shipping.create_boxes(registrations=[box.registration], by=by)
    assert second.code != box.code


@pytest.mark.parametrize(
    ("carrier", "number", "url"),
    [
        ("ups", "1Z999", "https://www.ups.com/track?tracknum=1Z999"),
        ("fedex", "7946 1", "https://www.fedex.com/fedextrack/?trknbr=7946%201"),
        ("usps", "9400&x", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400%26x"),
        ("other", "77", ""),
        ("", "", ""),
    ],
)
def test_each_carrier_has_its_tracking_page(carrier, number, url):
    assert shipping.tracking_url(Box(carrier=carrier, tracking_number=number)) == url


def test_a_box_is_named_by_the_year_of_its_week():
    registration = RegistrationFactory(week=WeekFactory(year=2031), approved=True)
    (box,) = shipping.create_boxes(registrations=[registration], by=StaffFactory())
    assert box.code.startswith("31-")
