"""Somebody else registered the same local: the contact says who they are."""

import pytest

from campaigns.desk import attention
from campaigns.entering import registering
from campaigns.models import OtherContact, Registration
from campaigns.private_page import handing_over
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import OtherContactFactory, RegistrationFactory, WeekFactory
from tests.campaigns.typed import post
from tests.members.factories import LocalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    local = LocalFactory(district="3", state="NC")
    return OtherContactFactory(registration__local=local, email="sam@example.org", role="Steward")


def page(registration) -> str:
    return f"/registration/{registration.key}/others/"


def told(client, other, word, **more):
    return client.post(page(other.registration), {"who": f"{other.pk}:{word}", **more})


def links_to(address) -> list[str]:
    letters = Message.objects.filter(to=address).order_by("pk")
    return [letter.context["registration_url"] for letter in letters]


def test_the_letter_to_the_first_leads_to_the_page_that_names_the_other(client):
    week = WeekFactory()
    post(client, week)
    post(client, week, email="sam@example.org", contact_name="Sam Ortiz")
    letter = Message.objects.get(template="campaigns/someone_else_registered")
    assert (letter.to, "Sam" in str(letter.context)) == ("ada@example.org", False)
    address = "/" + letter.context["others_url"].partition("//")[2].partition("/")[2]
    assert "Sam Ortiz" in client.get(address).content.decode()


def test_a_colleague_gets_a_link_of_their_own_and_staff_need_not_look(client, other):
    assert "duplicate" in codes()
    assert told(client, other, "colleague").status_code == 303
    assert len(links_to("sam@example.org")) == 1
    assert other.registration.key not in links_to("sam@example.org")[0]
    assert "duplicate" not in codes()


def codes() -> list[str]:
    row = attention.with_reasons(Registration.objects.all()).get()
    return [reason.code for reason in attention.reasons_of(row)]


def test_nobody_of_ours_gets_nothing_and_staff_look_at_it(client, other):
    told(client, other, "stranger")
    assert links_to("sam@example.org") == []
    assert "duplicate" in codes()
    assert "Sam Ortiz" not in client.get(page(other.registration)).content.decode()


def test_who_hands_over_has_no_link_any_more_and_the_other_has_one(client, other):
    before = other.registration
    answer = told(client, other, "contact", is_sure="on")
    assert answer.url == "/week-of-action/handed-over/"
    after = Registration.objects.get()
    assert (after.contact_name, after.email, after.phone) == ("Sam Ortiz", "sam@example.org", other.phone)
    assert client.get(f"/registration/{before.key}/").status_code == 404
    assert [after.key in link for link in links_to("sam@example.org")] == [True]


def test_to_hand_over_asks_for_a_tick(client, other):
    answer = told(client, other, "contact")
    assert (answer.status_code, "please tick" in answer.content.decode()) == (422, True)
    assert OtherContact.objects.get().answer == ""


@pytest.mark.parametrize("who", ["", "x:colleague", "1:friend", "9" * 30 + ":colleague"])
def test_nonsense_changes_nothing(client, other, who):
    assert client.post(page(other.registration), {"who": who}).status_code == 422
    assert OtherContact.objects.get().answer == ""


def test_nobody_answers_for_the_local_of_others(client, other):
    stranger = RegistrationFactory()
    client.post(page(stranger), {"who": f"{other.pk}:colleague"})
    assert OtherContact.objects.get().answer == ""


def test_a_registration_that_was_withdrawn_is_not_handed_over(client, other):
    registering.withdraw_registration(registration=other.registration)
    answer = told(client, other, "contact", is_sure="on")
    assert answer.status_code == 422
    assert (Registration.objects.get().email, OtherContact.objects.get().answer) == (other.registration.email, "")


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(other):
    def say(word):
        try:
            return handing_over.answer(registration=other.registration, pk=other.pk, told=word).answer
        except handing_over.AlreadyAnswered:
            return ""

    said = at_once(lambda: say("colleague"), lambda: say("contact"), lambda: say("stranger"))
    assert sorted(said)[:2] == ["", ""]
    assert OtherContact.objects.get().answer == max(said)
