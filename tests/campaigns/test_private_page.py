"""A registration's private page: how it stands, the box, changing it, withdrawing it."""

import pytest

from campaigns.entering import registering
from campaigns.models import Box, Registration
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory, WeekTaskFactory, day
from tests.campaigns.typed import TYPED, post
from tests.members.factories import StaffFactory
from tests.words import title

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["", "change/", "withdraw/"])
def test_an_unknown_key_is_a_plain_404(client, page):
    RegistrationFactory()
    assert client.get(f"/registration/nobody-knows-this-key/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "change/", "withdraw/"])
def test_private_pages_are_never_kept_by_a_cache(client, page):
    response = client.get(f"/registration/{RegistrationFactory().key}/{page}")
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_the_private_page_shows_state_and_what_was_told(client):
    registration = RegistrationFactory(notes="We <march>.")
    page = client.get(f"/registration/{registration.key}/").content.decode()
    assert "We have your registration." in page
    assert "We &lt;march&gt;." in page
    assert f'href="/registration/{registration.key}/change/"' in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Your local takes part."),
        ({"status": Box.Status.PACKED}, "Your box is packed"),
        ({"shipped": True}, "Your box is on its way."),
        ({"shipped": True, "status": Box.Status.LOST}, "The carrier has lost your box."),
        ({"shipped": True, "status": Box.Status.RETURNED}, "Your box came back to us."),
    ],
)
def test_the_private_page_follows_the_box(client, values, words):
    box = BoxFactory(**values)
    page = client.get(f"/registration/{box.registration.key}/").content.decode()
    assert words in page
    assert (f"https://www.ups.com/track?tracknum={box.tracking_number}" in page) is ("shipped" in values)


def test_a_get_changes_nothing(client):
    registration = RegistrationFactory()
    for page in ("", "change/", "withdraw/"):
        client.get(f"/registration/{registration.key}/{page}")
        client.head(f"/registration/{registration.key}/{page}")
    after = Registration.objects.get()
    assert (after.status, after.changed_at) == ("received", None)


def test_the_change_page_is_filled_in_and_saves(client):
    registration = RegistrationFactory()
    WeekTaskFactory(week=registration.week, code="letter")
    address = f"/registration/{registration.key}/change/"
    assert 'value="501 Third Street NW"' in client.get(address).content.decode()

    response = client.post(address, {**TYPED, "email": "other@example.org", "tasks": ["letter"]})

    assert (response.status_code, response["Location"]) == (303, f"/registration/{registration.key}/")
    after = Registration.objects.get()
    assert (after.members_count, after.email) == (1140, registration.email)
    assert [task.code for task in after.tasks.all()] == ["letter"]


def test_a_wrong_change_is_shown_again(client):
    registration = RegistrationFactory()
    response = client.post(f"/registration/{registration.key}/change/", {**TYPED, "ship_address1": "PO Box 1"})
    assert response.status_code == 422
    assert title(response).startswith("Error:")
    assert "PO Box 1" in response.content.decode()


def test_after_the_freeze_the_change_page_leads_back_and_a_late_form_is_refused(client):
    registration = RegistrationFactory(week=WeekFactory(register_by=day(-3), freeze_on=day(-1)))
    address = f"/registration/{registration.key}/change/"
    assert client.get(address).status_code == 303
    response = client.post(address, TYPED)
    assert response.status_code == 422
    assert "can no longer be changed here" in response.content.decode()
    assert "/change/" not in client.get(f"/registration/{registration.key}/").content.decode()
    assert Registration.objects.get().members_count == 140


def test_a_local_withdraws_by_the_button_and_registers_again(client):
    week = WeekFactory()
    post(client, week)
    first = Registration.objects.get()
    address = f"/registration/{first.key}/withdraw/"
    assert "Yes, withdraw it" in client.get(address).content.decode()

    assert client.post(address, {"website": ""})["Location"] == f"/registration/{first.key}/"
    assert "You withdrew this registration." in client.get(f"/registration/{first.key}/").content.decode()
    assert client.post(address, {"website": ""}).status_code == 303

    post(client, week)
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "received"]
    assert Registration.objects.living().get().key != first.key


def test_a_local_cannot_withdraw_once_its_box_has_left(client):
    box = BoxFactory(shipped=True)
    address = f"/registration/{box.registration.key}/withdraw/"
    assert client.get(address).status_code == 303
    response = client.post(address, {"website": ""})
    assert response.status_code == 422
    assert "Your box has left already." in response.content.decode()
    assert Registration.objects.get().status == "approved"


def test_a_declined_local_reads_so_on_its_page(client):
    registration = RegistrationFactory()
    registering.decline(registrations=[registration], by=StaffFactory())
    page = client.get(f"/registration/{registration.key}/").content.decode()
    assert "We could not accept this registration." in page
    assert "/withdraw/" not in page
