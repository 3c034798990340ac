"""Colleagues of a local's contact: added with a link of their own, removed with it."""

import pytest
from django.db import IntegrityError, transaction

from campaigns import personal_data
from campaigns.models import Colleague, Registration
from campaigns.private_page import colleagues
from csan.lib.addresses import email_key
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import ColleagueFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

TYPED = {"name": "Lee Park", "role": "Steward", "email": "Lee@Example.org", "website": ""}


def page_of(holder) -> str:
    return f"/registration/{holder.key}/"


def add(registration: Registration, number: int = 0) -> Colleague:
    return colleagues.add_colleague(registration=registration, name="Lee", email=f"lee{number}@example.org")


def test_the_contact_adds_a_colleague_who_gets_a_link_of_their_own(client):
    registration = RegistrationFactory()
    address = f"{page_of(registration)}colleagues/"
    assert "Nobody but you has a link yet." in client.get(address).content.decode()

    response = client.post(address, TYPED)

    assert (response.status_code, response["Location"]) == (303, address)
    colleague = Colleague.objects.get()
    assert (colleague.name, colleague.role, colleague.email) == ("Lee Park", "Steward", "lee@example.org")
    (letter,) = Message.objects.all()
    assert (letter.to, letter.template) == ("lee@example.org", "campaigns/colleague_added")
    assert letter.context["registration_url"].endswith(page_of(colleague))
    assert client.get(page_of(colleague)).status_code == 200
    assert "Lee Park, Steward" in client.get(page_of(registration)).content.decode()


def test_adding_somebody_twice_brings_one_letter():
    registration = RegistrationFactory()
    assert add(registration) == add(registration)
    assert (Colleague.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_adding_somebody_from_two_windows_at_once_brings_one_letter():
    registration = RegistrationFactory()
    made = at_once(*[lambda: add(registration).pk] * 4)
    assert len(set(made)) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_added_at_once_no_more_are_kept_than_may_be():
    registration = RegistrationFactory()

    def try_to(number: int) -> bool:
        try:
            add(registration, number)
        except colleagues.TooMany:
            return False
        return True

    added = at_once(*[lambda number=number: try_to(number) for number in range(8)])
    assert (sum(added), Colleague.objects.count(), Message.objects.count()) == (5, 5, 5)


def test_a_local_writes_to_so_many_addresses_and_no_more():
    registration = RegistrationFactory()
    for number in range(colleagues.MOST_EVER):
        colleagues.remove_colleague(registration=registration, pk=add(registration, number).pk)
    with pytest.raises(colleagues.TooMany):
        add(registration, 99)


def test_a_removed_colleagues_link_is_dead(client):
    registration = RegistrationFactory()
    colleague = ColleagueFactory(registration=registration)
    address = f"{page_of(registration)}colleagues/"
    assert client.post(address, {"remove": colleague.pk, "website": ""})["Location"] == address
    assert client.get(page_of(colleague)).status_code == 404
    assert colleagues.remove_colleague(registration=registration, pk=colleague.pk) is False
    again = colleagues.add_colleague(registration=registration, name="Lee Park", email=colleague.email)
    assert (again.pk != colleague.pk, again.key != colleague.key) == (True, True)


@pytest.mark.parametrize("pk", ["", "x", "-1", "99999999999999999999", "0"])
def test_removing_nobody_changes_nothing(client, pk):
    colleague = ColleagueFactory()
    client.post(f"{page_of(colleague.registration)}colleagues/", {"remove": pk, "website": ""})
    assert Colleague.objects.get().removed_at is None


def test_nobody_removes_the_colleague_of_another_local(client):
    colleague, other = ColleagueFactory(), RegistrationFactory()
    client.post(f"{page_of(other)}colleagues/", {"remove": colleague.pk, "website": ""})
    assert Colleague.objects.get().removed_at is None


def test_a_colleague_changes_the_registration_but_neither_its_people_nor_its_part(client):
    colleague = ColleagueFactory()
    address = page_of(colleague)
    page = client.get(address).content.decode()
    assert f'href="{address}change/"' in page
    assert f'href="{address}withdraw/"' not in page
    for part in ("colleagues/", "withdraw/"):
        assert client.get(f"{address}{part}")["Location"] == address
        assert client.post(f"{address}{part}", TYPED)["Location"] == address
    assert Registration.objects.get().status == "received"
    assert Colleague.objects.count() == 1


@pytest.mark.parametrize("typed", [{"name": ""}, {"email": "nobody"}, {"name": "see www.example.com"}])
def test_a_wrong_form_is_shown_again_with_what_was_typed(client, typed):
    registration = RegistrationFactory()
    response = client.post(f"{page_of(registration)}colleagues/", {**TYPED, **typed})
    assert response.status_code == 422
    assert 'value="Steward"' in response.content.decode()
    assert not Colleague.objects.exists()


def test_the_contact_is_no_colleague_of_their_own(client):
    registration = RegistrationFactory(email="ada@example.org", email_key=email_key("ada@example.org"))
    response = client.post(f"{page_of(registration)}colleagues/", {**TYPED, "email": "ADA@example.org"})
    assert response.status_code == 422
    assert "This is your own address." in response.content.decode()


def test_the_database_keeps_one_living_link_for_an_address():
    colleague = ColleagueFactory()
    with pytest.raises(IntegrityError, match="campaigns_colleague_once"), transaction.atomic():
        ColleagueFactory(registration=colleague.registration, email=colleague.email)


def test_a_colleague_can_take_their_data_along():
    colleague = ColleagueFactory(email="lee@example.org")
    (kept,) = personal_data.of_mailbox(email_key("lee@example.org"))
    assert (kept["name"], kept["email"], kept["local"]) == (
        "Lee Park",
        "lee@example.org",
        str(colleague.registration.local),
    )
