"""Looking it over before it is final, what is asked about the address, and homes that are erased."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.entering import homes, registering
from campaigns.models import Registration, ShipTo
from members.models import Message
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory
from tests.campaigns.typed import TYPED
from tests.members.factories import LocalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return f"/week-of-action/{WeekFactory().year}/register/"


def typed(**changes):
    return {**TYPED, **changes}


def hidden(html) -> dict[str, list[str]]:
    """What the page would send on."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(value)
    return found


def test_nothing_is_written_before_the_answers_were_looked_over(client, page):
    shown = client.post(page, typed(step="review"))
    assert (shown.status_code, Registration.objects.count(), Message.objects.count()) == (200, 0, 0)
    html = shown.content.decode()
    assert "Is all of this right?" in html
    done = client.post(page, hidden(html))
    assert (done.status_code, done.url.endswith("/registered/")) == (303, True)
    once = Registration.objects.get()
    assert once.contact_name == typed()["contact_name"]


def test_what_is_sent_without_the_look_registers_too(client, page):
    assert client.post(page, typed()).status_code == 303
    assert Registration.objects.count() == 1


def test_who_wants_to_change_something_finds_it_as_typed(client, page):
    html = client.post(page, typed(step="edit", notes="Second floor")).content.decode()
    assert "Second floor" in html
    assert Registration.objects.count() == 0


def test_a_wrong_answer_is_said_before_the_look(client, page):
    answer = client.post(page, typed(step="review", phone="12"))
    assert (answer.status_code, "area code" in answer.content.decode()) == (422, True)


def test_a_doubtful_address_is_asked_about_and_goes_through_for_staff_to_see(client, page):
    doubtful = typed(ship_address1="Rural Route 2")
    html = client.post(page, {**doubtful, "step": "review"}).content.decode()
    assert "Is there a street address?" in html
    client.post(page, doubtful)
    place = ShipTo.objects.get()
    assert (place.verdict, place.doubts, place.address1) == ("ask", ["rural_route"], "Rural Route 2")


def test_the_officer_chooses_how_the_label_says_it_and_both_are_kept(client, page):
    told = typed(ship_address1="501 Third Street, N.W.", ship_address2="Suite 200")
    html = client.post(page, {**told, "step": "review"}).content.decode()
    assert "501 THIRD ST NW, STE 200, WASHINGTON, DC 20001" in html
    client.post(page, {**told, "ship_uses_standard": "on"})
    place = ShipTo.objects.get()
    assert (place.address1, place.lines[1:]) == (
        "501 Third Street, N.W.",
        ["501 THIRD ST NW", "STE 200", "WASHINGTON, DC 20001"],
    )


def test_a_number_far_from_what_we_knew_is_asked_about_without_saying_what_we_knew(client, page):
    LocalFactory(affiliate="CWA", number="1101", size=40)
    told = typed(local_number="1101", members_count="140", step="review")
    html = client.post(page, told).content.decode()
    assert ("far from what we knew" in html, ">40<" in html) == (True, False)
    assert "far from" not in client.post(page, {**told, "members_count": "45"}).content.decode()


def test_a_changed_address_is_judged_anew_and_an_unchanged_one_keeps_what_staff_said(client, page):
    registration = RegistrationFactory()
    ShipTo.objects.update(verdict="safe", judged_by_staff=True, address1="Union Hall")
    registration = Registration.objects.get()
    same = registering.details_of(registration)
    registering.change_registration(registration=registration, details=same)
    assert ShipTo.objects.values_list("verdict", "judged_by_staff").get() == ("safe", True)
    other = registering.Details(**{**vars(same), "ship_address1": "Drawer 5"})
    registering.change_registration(registration=registration, details=other)
    assert ShipTo.objects.values_list("verdict", "judged_by_staff").get() == ("ask", False)


# Homes


def home(days_ago=8, **values):
    """A home whose box arrived so many days ago."""
    registration = RegistrationFactory(approved=True, main_place__is_home=True, main_place__receiving_hours="evenings")
    BoxFactory(registration=registration, shipped=True)
    registration.boxes.update(status="delivered", delivered_at=timezone.now() - timedelta(days=days_ago), **values)
    return registration


def test_a_home_is_erased_a_week_after_its_box_arrived_and_its_town_stays():
    registration = home()
    assert (homes.erase(), homes.erase()) == (1, 0)
    place = ShipTo.objects.get(registration=registration)
    assert (place.name, place.address1, place.receiving_hours, place.city, place.lines) == (
        "",
        "",
        "",
        "Washington",
        [],
    )


@pytest.mark.parametrize("days_ago", [0, 6])
def test_a_home_stays_while_something_may_turn_out_to_be_missing(days_ago):
    home(days_ago)
    assert homes.erase() == 0


def test_a_home_stays_while_another_box_goes_there():
    registration = home()
    BoxFactory(registration=registration, part=2)
    assert homes.erase() == 0


def test_a_hall_is_never_erased():
    home()
    ShipTo.objects.update(is_home=False)
    assert homes.erase() == 0
