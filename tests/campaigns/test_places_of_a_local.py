"""Further places of a local, and mail that goes elsewhere: typed without a script, kept, changed, shown."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import personal_data
from campaigns.entering import branches, homes, registering
from campaigns.entering.branches import Branch
from campaigns.kits import quantities
from campaigns.models import Box, OtherContact, Registration, ShipTo
from campaigns.private_page import changing
from csan.lib.addresses import email_key
from members.models import Message
from tests.campaigns.factories import BoxFactory, RegistrationFactory, ShipToFactory, WeekFactory, day
from tests.campaigns.typed import TYPED, post
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

SECOND = {
    "place2_label": "Call center north",
    "place2_members_count": "40",
    "place2_name": "Lee Park",
    "place2_address1": "10 Main Street",
    "place2_address2": "",
    "place2_city": "Akron",
    "place2_state": "OH",
    "place2_zip_code": "44301",
    "place2_receiving_hours": "evenings",
}
THIRD = {name.replace("place2", "place3"): value for name, value in SECOND.items()} | {"place3_label": "South"}
MAIL = {"mail_address1": "PO Box 5", "mail_city": "Akron", "mail_state": "OH", "mail_zip": "44301"}
BRANCH = Branch(
    position=2, label="North", members_count=40, name="Lee Park", address1="10 Main St", city="Akron", state="OH",
    zip_code="44301",
)  # fmt: skip


@pytest.fixture
def page():
    return f"/week-of-action/{WeekFactory(year=2026).year}/register/"


def errors(response) -> set[str]:
    return set(response.context["form"].errors)


def positions(registration) -> list[int]:
    return list(registration.places.order_by("position").values_list("position", flat=True))


# Another place, asked for by a button


def test_the_button_gives_the_form_back_with_one_more_place_and_everything_typed(client, page):
    answer = client.post(page, {**TYPED, "tasks": [], "step": "place", "phone": "", "ship_is_home": "on"})
    html = answer.content.decode()
    assert (answer.status_code, "error-summary" in html) == (200, False)
    assert 'name="place2_address1"' in html
    for kept in ('value="Local 1101"', 'value="1,140"', 'value="501 Third Street NW"', "We march.", "weekdays 9 to 4"):
        assert kept in html
    assert re.search(r'<option value="DC" selected', html)
    assert re.search(r'name="ship_is_home"[^>]* checked', html)
    assert (Registration.objects.count(), Message.objects.count()) == (0, 0)


def test_each_press_adds_one_and_the_most_is_ten(client, page):
    told = dict(TYPED)
    for number in range(2, 11):
        html = client.post(page, {**told, "step": "place"}).content.decode()
        assert f'name="place{number}_name"' in html
        told[f"place{number}_name"] = "Lee Park"
    assert 'value="place"' not in html
    assert 'name="place11_name"' not in client.post(page, {**told, "step": "place"}).content.decode()


def test_enter_in_a_field_never_asks_for_another_place(client, page):
    html = client.get(page).content.decode()
    buttons = re.findall(r'<button[^>]*name="step" value="(\w+)"', html)
    assert buttons == ["review", "place"]


def test_a_place_that_is_left_empty_or_crossed_out_is_none(client, page):
    empty = dict.fromkeys(SECOND, "")
    assert client.post(page, {**TYPED, **empty}).status_code == 303
    client.post(page, {**TYPED, **SECOND, "place2_drop": "on", "local_number": "1102"})
    assert [positions(row) for row in Registration.objects.all()] == [[1], [1]]


def test_a_place_that_was_crossed_out_is_gone_from_the_form_that_comes_back(client, page):
    told = {**TYPED, **SECOND, **THIRD, "place2_drop": "on", "step": "edit"}
    html = client.post(page, told).content.decode()
    assert ('name="place2_name"' in html, 'name="place3_name"' in html) == (False, True)


def test_each_place_is_kept_and_judged(client, page):
    client.post(page, {**TYPED, **SECOND, **THIRD, "place3_address1": "RR 2", "place3_address2": "Box 152"})
    first, second, third = ShipTo.objects.order_by("position")
    assert (first.verdict, first.members_count) == ("safe", None)
    assert (second.label, second.members_count, second.receiving_hours) == ("Call center north", 40, "evenings")
    assert (second.lines, second.verdict) == (["Lee Park", "10 Main Street", "Akron, OH 44301"], "safe")
    assert (third.verdict, third.doubts) == ("ask", ["rural_route"])


def test_the_kit_counts_what_each_place_serves(client, page):
    client.post(page, {**TYPED, **SECOND, **THIRD})
    served = quantities.served_by(Registration.objects.get().places.all(), frozenset())
    assert sorted(each.members for each in served.values()) == [40, 40, 1060]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"place2_city": ""}, {"place2_city"}),
        ({"place2_members_count": ""}, {"place2_members_count"}),
        ({"place2_state": "ZZ"}, {"place2_state"}),
        ({"place2_zip_code": "123"}, {"place2_zip_code"}),
        ({"place2_address1": "PO Box 5"}, {"place2_address1"}),
        ({"place2_address2": "PO Box 5"}, {"place2_address2"}),
        ({"place2_members_count": "1141"}, {"place2_members_count"}),
        ({"ship_address2": "P.O. Box 9"}, {"ship_address2"}),
    ],
)
def test_what_is_wrong_with_a_place_is_named(client, page, changes, wrong):
    answer = client.post(page, {**TYPED, **SECOND, **changes, "step": "review"})
    assert (answer.status_code, errors(answer)) == (422, wrong)
    html = answer.content.decode()
    assert f'href="#id_{next(iter(wrong))}"' in html
    assert 'value="Call center north"' in html
    assert Registration.objects.count() == 0


def test_a_box_under_a_rural_route_goes_through_and_one_under_a_street_is_asked_about(client, page):
    told = {**TYPED, "ship_address1": "RR 2", "ship_address2": "Box 152", "step": "review"}
    assert "Is there a street address?" in client.post(page, told).content.decode()
    told = {**TYPED, "ship_address1": "123 Main St", "ship_address2": "Box 5", "step": "review"}
    assert "This may be a box for mail." in client.post(page, told).content.decode()


def test_the_review_shows_each_place_with_what_we_ask_and_the_choice_of_its_label(client, page):
    told = {**TYPED, **SECOND, "place2_address1": "10 Main Street, Floor 3", "step": "review"}
    html = client.post(page, told).content.decode()
    assert ("Call center north" in html, "Lee Park" in html, "evenings" in html) == (True, True, True)
    assert "10 MAIN ST FL 3, AKRON, OH 44301" in html
    sent_on = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    client.post(page, {**sent_on, "place2_uses_standard": "on"})
    place = ShipTo.objects.get(position=2)
    assert (place.address1, place.lines[1]) == ("10 Main Street, Floor 3", "10 MAIN ST FL 3")


@pytest.mark.parametrize(
    "name", ["place2_name", "place99_name", "place1_name", "place0_name", "place999_name", "placeX_name"]
)
def test_names_that_no_form_has_do_no_harm(client, page, name):
    answer = client.post(page, {**TYPED, name: "x"})
    is_a_place = name in ("place2_name", "place99_name")
    assert answer.status_code == (422 if is_a_place else 303)


# Mail that goes elsewhere


def test_a_mailing_address_may_be_a_post_office_box_and_is_shown(client, page):
    html = client.post(page, {**TYPED, **MAIL, "step": "review"}).content.decode()
    assert "PO Box 5<br>Akron, OH 44301" in html
    client.post(page, {**TYPED, **MAIL})
    registration = Registration.objects.get()
    assert registration.mail_lines == ["PO Box 5", "Akron, OH 44301"]
    assert "PO Box 5<br>Akron, OH 44301" in client.get(f"/registration/{registration.key}/").content.decode()


@pytest.mark.parametrize("name", list(MAIL))
def test_a_mailing_address_is_whole_or_not_there(client, page, name):
    answer = client.post(page, {**TYPED, **MAIL, name: ""})
    assert (answer.status_code, errors(answer)) == (422, {name})
    assert '<details class="more" open>' in answer.content.decode()


@pytest.mark.parametrize("values", [{"mail_city": "Akron"}, {"mail_address2": "x"}, {**MAIL, "mail_zip": ""}])
def test_the_database_keeps_no_half_of_a_mailing_address(values):
    registration = RegistrationFactory()
    with pytest.raises(IntegrityError, match="campaigns_registration_mail"), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(**values)


# Afterwards


def test_the_receipt_and_the_private_page_name_every_place(client, page):
    client.post(page, {**TYPED, **SECOND, **MAIL})
    registration = Registration.objects.get()
    context = Message.objects.get(template="campaigns/registration_received").context
    assert context["branches"] == [
        {
            "label": "Call center north",
            "members_count": 40,
            "lines": ["Lee Park", "10 Main Street", "Akron, OH 44301"],
        }
    ]
    assert context["mail_lines"] == ["PO Box 5", "Akron, OH 44301"]
    html = client.get(f"/registration/{registration.key}/").content.decode()
    assert ("Call center north" in html, "40 members" in html, "evenings" in html) == (True, True, True)


def test_staff_find_every_place_and_what_somebody_else_typed(client, page):
    client.post(page, {**TYPED, **SECOND, **MAIL})
    client.post(page, {**TYPED, **THIRD, "email": "sam@example.org"})
    registration = Registration.objects.get()
    assert OtherContact.objects.get().typed[0]["branches"][0]["label"] == "South"
    client.force_login(StaffFactory())
    html = client.get(f"/admin/campaigns/registration/{registration.pk}/change/").content.decode()
    for words in ("Call center north", "PO Box 5", "South, Lee Park, 10 Main Street, Akron, OH 44301"):
        assert words in html


def test_who_sends_the_same_form_again_is_kept_once(client, page):
    for _ in range(2):
        client.post(page, {**TYPED, **SECOND, "email": "sam@example.org"})
        client.post(page, {**TYPED, **SECOND})
    assert len(OtherContact.objects.get().typed) == 1


def test_places_are_changed_added_and_taken_away_by_the_link(client):
    registration = RegistrationFactory()
    address = f"/registration/{registration.key}/change/"
    client.post(address, {**TYPED, **SECOND, **THIRD})
    assert positions(registration) == [1, 2, 3]
    kept = ShipTo.objects.get(position=3)
    html = client.get(address).content.decode()
    assert ('value="Call center north"' in html, 'value="South"' in html) == (True, True)

    client.post(address, {**TYPED, **SECOND, **THIRD, "place2_drop": "on", "place3_city": "Dayton"})

    assert positions(registration) == [1, 3]
    kept.refresh_from_db()
    assert (kept.city, kept.doubts) == ("Dayton", ["zip_city"])
    html = client.post(address, {**TYPED, **THIRD, "step": "place"}).content.decode()
    assert 'name="place4_name"' in html


def test_a_change_of_something_else_leaves_the_places_alone():
    registration = RegistrationFactory()
    place = ShipToFactory(
        registration=registration, position=2, members_count=40, verdict="safe", judged_by_staff=True
    )
    details = registering.details_of(registration)
    registering.change_registration(registration=registration, details=replace(details, members_count=200))
    place.refresh_from_db()
    assert (place.verdict, place.judged_by_staff, place.members_count) == ("safe", True, 40)


def test_a_place_whose_box_is_made_ready_cannot_be_taken_away(client):
    registration = RegistrationFactory(approved=True)
    BoxFactory(registration=registration, place=ShipToFactory(registration=registration, position=2, members_count=40))
    with pytest.raises(branches.PlaceInUse):
        registering.change_registration(
            registration=registration, details=replace(registering.details_of(registration), branches=())
        )
    answer = client.post(f"/registration/{registration.key}/change/", TYPED)
    assert (answer.status_code, "A box is being made ready" in answer.content.decode()) == (422, True)
    assert positions(registration) == [1, 2]
    assert Registration.objects.get().members_count == 140


def test_after_the_freeze_a_place_is_asked_for_and_staff_make_it(client):
    week = WeekFactory(register_by=day(-3), freeze_on=day(-1))
    registration = RegistrationFactory(week=week, approved=True)
    details = replace(registering.details_of(registration), branches=(BRANCH,))
    request = changing.ask_change(registration=registration, details=details, why="", asked_by="Ada")
    assert list(request.wanted) == ["branches"]
    (difference,) = changing.differences(request)
    assert (difference.label, difference.before_words) == ("Other places", "–")
    assert difference.after_words == "North, Lee Park, 10 Main St, Akron, OH 44301, 40 members"
    assert changing.approve_change(request=request, by=StaffFactory()) is True
    assert branches.branches_of(registration) == (BRANCH,)


def test_staff_learn_that_a_place_cannot_go_away_any_more(client):
    week = WeekFactory(register_by=day(-3), freeze_on=day(-1))
    registration = RegistrationFactory(week=week, approved=True)
    second = ShipToFactory(registration=registration, position=2, members_count=40)
    details = replace(registering.details_of(registration), branches=())
    request = changing.ask_change(registration=registration, details=details, why="", asked_by="Ada")
    BoxFactory(registration=registration, place=second)
    with pytest.raises(branches.PlaceInUse):
        changing.approve_change(request=request, by=StaffFactory())
    request.refresh_from_db()
    assert (request.status, Message.objects.count()) == ("asked", 0)


def test_who_takes_their_data_along_finds_the_places_and_the_mailing_address():
    registration = RegistrationFactory(email="ada@example.org", **MAIL)
    ShipToFactory(registration=registration, position=2, label="North", members_count=40)
    (found,) = personal_data.of_mailbox(email_key("ada@example.org"))
    assert (found["mail_address1"], [place["label"] for place in found["places"]]) == ("PO Box 5", ["", "North"])


def test_a_first_form_without_any_place_but_the_main_one_is_as_it_was(client):
    week = WeekFactory()
    assert post(client, week).status_code == 303
    assert positions(Registration.objects.get()) == [1]


def test_a_rule_of_a_district_holds_for_a_local_that_said_it_is_there():
    registration = RegistrationFactory(local__district="", district="3")
    (served,) = quantities.served_by(registration.places.all(), frozenset()).values()
    assert served.district == "3"


def test_a_home_among_the_places_is_erased_by_itself_once_its_box_arrived():
    registration = RegistrationFactory(approved=True)
    home = ShipToFactory(registration=registration, position=2, label="Lee's", members_count=40, is_home=True)
    box = BoxFactory(registration=registration, place=home, shipped=True)
    Box.objects.filter(pk=box.pk).update(status="delivered", delivered_at=timezone.now() - timedelta(days=8))
    assert (homes.erase(), homes.erase()) == (1, 0)
    assert [place.lines for place in registration.places.order_by("position")][1] == []


def test_a_form_that_is_sent_back_as_it_was_asks_for_nothing(client):
    week = WeekFactory(register_by=day(-3), freeze_on=day(-1))
    registration = RegistrationFactory(week=week, approved=True, district="4", **MAIL)
    ShipToFactory(registration=registration, position=2, members_count=40, label="North", receiving_hours="9 to 4")
    ask = f"/registration/{registration.key}/ask/"
    form = client.get(ask).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}

    answer = client.post(ask, shown)

    assert (answer.status_code, "This is what we know already." in answer.content.decode()) == (422, True)
    assert client.post(ask, {**shown, "place2_city": "Dayton"}).status_code == 303
    assert list(registration.change_requests.get().wanted) == ["branches"]


def test_a_place_that_is_asked_for_comes_with_everything_typed(client):
    week = WeekFactory(register_by=day(-3), freeze_on=day(-1))
    registration = RegistrationFactory(week=week, approved=True)
    html = client.post(
        f"/registration/{registration.key}/ask/", {**TYPED, "why": "We grew", "step": "place"}
    ).content.decode()
    assert ('value="We grew"' in html, 'name="place2_name"' in html) == (True, True)
    assert registration.change_requests.count() == 0
