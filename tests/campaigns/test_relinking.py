"""Private links: each person's own, replaced when a stranger has one, sent again to who has lost it."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.models import Colleague, Registration
from campaigns.private_page import relinking
from csan.lib.addresses import email_key
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import ColleagueFactory, RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db

LOST = "/week-of-action/link/"
SENT = "/week-of-action/link/sent/"


def page_of(holder) -> str:
    return f"/registration/{holder.key}/"


def ask(client, **changes):
    """Type a local's number and an address."""
    typed = {"local_affiliate": "CWA", "local_number": "Local 1101", "email": "ada@example.org", "website": ""}
    return client.post(LOST, {**typed, **changes})


def of_1101(**values) -> Registration:
    return RegistrationFactory(
        local=LocalFactory(number="1101"), email="ada@example.org", email_key=email_key("ada@example.org"), **values
    )


def letters() -> list[tuple[str, str]]:
    """To whom, and which link."""
    rows = Message.objects.order_by("pk")
    return [(row.to, row.context["registration_url"].rsplit("/", 2)[1]) for row in rows]


def test_the_officer_replaces_the_link_and_reads_the_new_one_only_in_the_letter(client):
    registration = RegistrationFactory()
    old = page_of(registration)
    assert "Yes, send me a new link" in client.get(f"{old}link/").content.decode()

    response = client.post(f"{old}link/", {"website": ""})

    after = Registration.objects.get()
    assert (response.status_code, response["Location"]) == (303, SENT)
    assert after.key != registration.key
    assert letters() == [(registration.email, after.key)]
    assert after.key not in client.get(SENT).content.decode()
    dead = client.get(old)
    assert dead.status_code == 404
    assert f'href="{LOST}"' in dead.content.decode()
    assert client.get(page_of(after)).status_code == 200


def test_pressing_twice_makes_one_new_link(client):
    registration = RegistrationFactory()
    visit = relinking.visit_by(registration.key)
    assert [relinking.replace_link(visit=visit), relinking.replace_link(visit=visit)] == [True, False]
    assert Message.objects.count() == 1
    assert client.post(f"{page_of(registration)}link/", {"website": ""}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_new_link():
    visit = relinking.visit_by(RegistrationFactory().key)
    made = at_once(*[lambda: relinking.replace_link(visit=visit)] * 3)
    assert sorted(made) == [False, False, True]
    assert Message.objects.count() == 1


def test_a_colleague_replaces_their_own_link_and_nobody_elses(client):
    colleague = ColleagueFactory()
    client.post(f"{page_of(colleague)}link/", {"website": ""})
    after = Colleague.objects.get()
    assert after.key != colleague.key
    assert Registration.objects.get().key == colleague.registration.key
    assert letters() == [(colleague.email, after.key)]


def test_staff_replace_and_send_links(client):
    one, two = RegistrationFactory(), RegistrationFactory()
    client.force_login(StaffFactory())
    chosen = {"_selected_action": [one.pk, two.pk]}
    address = "/admin/campaigns/registration/"

    said = client.post(address, {"action": "replace_links", **chosen}, follow=True).context["messages"]
    assert [str(message) for message in said] == ["2 links replaced."]
    keys = dict(Registration.objects.values_list("pk", "key"))
    assert {one.key, two.key}.isdisjoint(keys.values())
    assert sorted(letters()) == sorted([(one.email, keys[one.pk]), (two.email, keys[two.pk])])

    client.post(address, {"action": "send_links", **chosen})
    client.post(address, {"action": "send_links", **chosen})
    assert Message.objects.count() == 4
    assert dict(Registration.objects.values_list("pk", "key")) == keys
    assert set(LogEntry.objects.values_list("change_message", flat=True)) == {
        "Replaced the link",
        "Sent the link again",
    }


def test_who_lost_the_link_gets_it_again(client):
    registration = of_1101()
    response = ask(client, email="Ada@Example.org")
    assert (response.status_code, response["Location"]) == (303, SENT)
    assert letters() == [("ada@example.org", registration.key)]


def test_a_colleague_gets_their_own_link_again(client):
    colleague = ColleagueFactory(registration=of_1101(), email="lee@example.org")
    ask(client, email="lee@example.org")
    assert letters() == [("lee@example.org", colleague.key)]


def test_a_removed_colleague_gets_nothing(client):
    ColleagueFactory(registration=of_1101(), email="lee@example.org", removed_at="2026-01-01T00:00Z")
    ask(client, email="lee@example.org")
    assert letters() == []


def test_the_link_of_the_newest_week_is_sent(client):
    older = of_1101(week=WeekFactory(year=2040))
    newer = RegistrationFactory(
        week=WeekFactory(year=2041), local=older.local, email=older.email, email_key=older.email_key
    )
    ask(client)
    assert letters() == [("ada@example.org", newer.key)]


@pytest.mark.parametrize("typed", [{}, {"email": "stranger@example.org"}, {"local_number": "9999"}, {"website": "x"}])
def test_everybody_gets_the_same_answer(client, typed):
    of_1101()
    response = ask(client, **typed)
    assert (response.status_code, response["Location"], response.content) == (303, SENT, b"")
    assert not response.cookies


def test_asking_again_and_again_brings_one_letter(client):
    of_1101()
    for _ in range(3):
        ask(client)
    assert Message.objects.count() == 1


def test_asking_too_often_for_one_address_is_refused_whether_it_has_a_link_or_not(client):
    of_1101()
    for email in ("ada@example.org", "stranger@example.org"):
        answers = [ask(client, email=email).status_code for _ in range(7)]
        assert answers == [303] * 6 + [429]


@pytest.mark.parametrize("typed", [{"local_number": ""}, {"email": "nobody"}, {"local_number": "x" * 50}])
def test_a_wrong_form_is_shown_again(client, typed):
    response = ask(client, **typed)
    assert response.status_code == 422
    assert not Message.objects.exists()


def test_no_page_shows_anybody_elses_key(client):
    colleague = ColleagueFactory()
    contact = colleague.registration
    for page in ("", "change/", "link/"):
        assert contact.key not in client.get(f"{page_of(colleague)}{page}").content.decode()
        assert colleague.key not in client.get(f"{page_of(contact)}{page}").content.decode()
    assert colleague.key not in client.get(f"{page_of(contact)}colleagues/").content.decode()
