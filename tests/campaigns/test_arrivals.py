"""Did it arrive? What locals say of their boxes, and what staff do about it."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.boxes import arrivals
from campaigns.models import Arrival, ArrivalGap, Box
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, BoxLineFactory, ColleagueFactory, ItemFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


def page_of(box: Box) -> str:
    return f"/registration/{box.registration.key}/"


def arrived(box: Box) -> str:
    return f"{page_of(box)}arrived/{box.code}/"


def gaps() -> list[tuple[int, int]]:
    return list(ArrivalGap.objects.order_by("item").values_list("item", "quantity"))


def test_all_here_delivers_the_box_once(client):
    box = BoxLineFactory().box
    assert f'href="{arrived(box)}"' in client.get(page_of(box)).content.decode()

    response = client.post(arrived(box), {"answer": "all-here", "website": ""})

    assert (response.status_code, response["Location"]) == (303, page_of(box))
    after = Box.objects.get()
    assert after.status == "delivered"
    client.post(arrived(box), {"answer": "all-here", "website": ""})
    assert Box.objects.get().delivered_at == after.delivered_at
    assert Arrival.objects.values_list("answer", "told_by").get() == ("all-here", "Ada Reyes")
    page = client.get(page_of(box)).content.decode()
    assert "Your box has arrived." in page
    assert "Change what you told us" in page


def test_what_is_missing_is_kept_by_item_and_the_box_is_not_delivered(client):
    line = BoxLineFactory()
    other = BoxLineFactory(box=line.box)
    colleague = ColleagueFactory(registration=line.box.registration)
    typed = {"answer": "missing", f"item_{line.item_id}": "3", f"item_{other.item_id}": "", "note": "Wet <box>"}

    response = client.post(f"/registration/{colleague.key}/arrived/{line.box.code}/", {**typed, "website": ""})

    assert response.status_code == 303
    assert Box.objects.get().status == "shipped"
    assert Arrival.objects.values_list("answer", "note", "told_by").get() == ("missing", "Wet <box>", "Lee Park")
    assert gaps() == [(line.item_id, 3)]


def test_what_is_said_again_replaces_what_was_said():
    line = BoxLineFactory()
    box, staff = line.box, StaffFactory()
    first = arrivals.tell_missing(box=box, missing={line.item_id: 3}, told_by="Ada")
    assert arrivals.settle(arrivals=[first], by=staff) == 1
    arrivals.tell_missing(box=box, missing={line.item_id: 5}, told_by="Lee")
    assert gaps() == [(line.item_id, 5)]
    assert Arrival.objects.needed().count() == 1
    arrivals.tell_all_here(box=box, told_by="Ada")
    assert gaps() == []
    assert Arrival.objects.needed().count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_who_speak_at_once_are_heard_one_after_the_other():
    line = BoxLineFactory()
    box = line.box

    def all_here() -> None:
        arrivals.tell_all_here(box=box, told_by="Ada")

    def missing() -> None:
        arrivals.tell_missing(box=box, missing={line.item_id: 3}, told_by="Lee")

    at_once(all_here, missing, all_here, missing)
    (arrival,) = Arrival.objects.all()
    assert gaps() == ([(line.item_id, 3)] if arrival.answer == "missing" else [])


@pytest.mark.parametrize(
    ("quantity", "note"), [("13", ""), ("-1", ""), ("x", ""), ("", ""), ("0", ""), ("1", "n" * 301), ("9" * 30, "")]
)
def test_a_wrong_word_about_a_box_is_shown_again(client, quantity, note):
    line = BoxLineFactory()
    response = client.post(
        arrived(line.box), {"answer": "missing", f"item_{line.item_id}": quantity, "note": note, "website": ""}
    )
    assert response.status_code == 422
    assert f'value="{quantity}"' in response.content.decode() or quantity == ""
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_without_one_of_the_two_buttons_nothing_is_said(client, answer):
    line = BoxLineFactory()
    response = client.post(arrived(line.box), {"answer": answer, "note": "Hm", "website": ""})
    assert response.status_code == 422
    assert not Arrival.objects.exists()


def test_a_box_of_which_no_contents_are_known_can_miss_something_in_words(client):
    box = BoxFactory(shipped=True)
    assert client.post(arrived(box), {"answer": "missing", "note": "No pens", "website": ""}).status_code == 303
    assert Arrival.objects.get().note == "No pens"


def test_an_item_that_never_was_in_the_box_cannot_be_missing():
    box, item = BoxFactory(shipped=True), ItemFactory()
    with pytest.raises(arrivals.MoreThanPacked):
        arrivals.tell_missing(box=box, missing={item.pk: 1}, told_by="Ada")


@pytest.mark.parametrize("values", [{}, {"shipped": True, "status": Box.Status.LOST}])
def test_of_a_box_that_is_not_under_way_nothing_is_said(client, values):
    box = BoxFactory(**values)
    assert client.get(arrived(box))["Location"] == page_of(box)
    assert client.post(arrived(box), {"answer": "all-here", "website": ""}).status_code == 422
    assert not Arrival.objects.exists()
    assert Box.objects.get().status == box.status


def test_nobody_speaks_of_the_box_of_another_local(client):
    box, other = BoxFactory(shipped=True), BoxFactory(shipped=True)
    address = f"{page_of(other)}arrived/{box.code}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"answer": "all-here", "website": ""}).status_code == 404


def test_looking_changes_nothing(client):
    box = BoxFactory(shipped=True)
    client.get(arrived(box))
    client.head(arrived(box))
    assert Box.objects.get().status == "shipped"
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("campaigns_arrival_answer", {"answer": "perhaps"}),
        ("campaigns_arrival_settled", {"answer": "all-here", "settled_at": "2026-01-01T00:00Z"}),
        ("box_id", {"answer": "all-here"}),
    ],
)
def test_the_database_refuses_a_word_that_makes_no_sense(constraint, values):
    box = BoxFactory(shipped=True)
    if constraint == "box_id":
        Arrival.objects.create(box=box, answer="all-here", told_by="Ada")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Arrival.objects.create(box=box, told_by="Ada", **values)


def test_the_database_keeps_who_settled_with_when():
    box = BoxFactory(shipped=True)
    with pytest.raises(IntegrityError, match="campaigns_arrival_settled_by"), transaction.atomic():
        Arrival.objects.create(box=box, told_by="Ada", answer="missing", settled_by=StaffFactory())


def test_the_database_counts_a_missing_item_once_and_at_least_one():
    line = BoxLineFactory()
    arrival = arrivals.tell_missing(box=line.box, missing={line.item_id: 3}, told_by="Ada")
    with pytest.raises(IntegrityError, match="campaigns_arrivalgap_once"), transaction.atomic():
        ArrivalGap.objects.create(arrival=arrival, item=line.item, quantity=1)
    with pytest.raises(IntegrityError, match="campaigns_arrivalgap_quantity"), transaction.atomic():
        ArrivalGap.objects.create(arrival=arrival, item=ItemFactory(), quantity=0)


NEEDS = "/admin/campaigns/arrival/"


def test_staff_see_what_is_missing_first_and_settle_it(client):
    good = BoxFactory(shipped=True)
    arrivals.tell_all_here(box=good, told_by="Ada")
    line = BoxLineFactory()
    missing = arrivals.tell_missing(box=line.box, missing={line.item_id: 3}, told_by="Lee")
    client.force_login(StaffFactory())

    response = client.get(NEEDS)
    assert [row.pk for row in response.context["cl"].result_list] == [missing.pk, Arrival.objects.get(box=good).pk]
    assert "3 × Red button" in response.content.decode()
    chosen = {"action": "settle", "_selected_action": [row.pk for row in Arrival.objects.all()]}
    said = client.post(NEEDS, chosen, follow=True).context["messages"]

    assert [str(message) for message in said] == ["1 box seen to."]
    assert list(client.get(f"{NEEDS}?needed=yes").context["cl"].result_list) == []
    assert "(our staff have seen to it)" in client.get(page_of(line.box)).content.decode()


def test_who_may_only_look_settles_nothing(client):
    line = BoxLineFactory()
    row = arrivals.tell_missing(box=line.box, missing={line.item_id: 3}, told_by="Lee")
    client.force_login(StaffFactory(is_superuser=False))
    client.post(NEEDS, {"action": "settle", "_selected_action": [row.pk]})
    assert Arrival.objects.needed().count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_needs_list_asks_the_database_as_often_for_many_rows_as_for_one(client, django_assert_num_queries, rows):
    client.force_login(StaffFactory())
    for _ in range(rows):
        line = BoxLineFactory()
        arrivals.tell_missing(box=line.box, missing={line.item_id: 3}, told_by="Lee")
    client.get(NEEDS)
    with django_assert_num_queries(10):
        client.get(NEEDS)
