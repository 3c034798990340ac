"""Subscribing and leaving: the same answer for everybody, GET changes nothing, links grow old."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from members import subscriptions
from members.models import Message, Person, Subscription, Suppression
from tests.members.factories import PersonFactory, SubscriptionFactory, SuppressionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def link_in(letter):
    return re.search(r"http://testserver(/\S+)", letter.get_body(("plain",)).get_content())[1]


def join(client, **data):
    return client.post("/subscribe/", {"email": "ada@example.org", **data})


def test_from_the_form_to_active(client, mailbox):
    answer = join(client, given_name="Ada", zip_code="02139", local="CWA Local 1101")
    assert (answer.status_code, answer["Location"]) == (303, "/subscribe/check-your-email/")
    (letter,) = mailbox.send_and_read()
    link = link_in(letter)
    page = client.get(link)
    assert page.status_code == 200
    assert Subscription.objects.get().status == "pending"
    answer = client.post(link)
    assert (answer.status_code, answer["Location"]) == (303, "/subscribe/confirmed/")
    subscription = Subscription.objects.select_related("person").get()
    assert subscription.status == "active"
    assert subscription.person.email_verified_at is not None
    assert "every two months" in subscription.wording
    assert subscription.source == "/subscribe/"
    assert [letter["To"] for letter in mailbox.send_and_read()] == ["ada@example.org"] * 2


def test_pressing_the_button_twice_changes_nothing(client, mailbox):
    join(client)
    link = link_in(mailbox.send_and_read()[0])
    assert [client.post(link).status_code for _ in range(2)] == [303, 303]
    assert len(mailbox.send_and_read()) == 2  # the confirm letter and one welcome


def test_the_answer_is_the_same_for_new_pending_active_and_left(client):
    SubscriptionFactory(person__email="active@example.org")
    SubscriptionFactory(person__email="left@example.org", status="unsubscribed", unsubscribed_at=timezone.now())
    SubscriptionFactory(person__email="pending@example.org", status="pending", confirmed_at=None)
    answers = {
        (answer.status_code, answer["Location"], answer.content)
        for answer in (join(client, email=f"{who}@example.org") for who in ("new", "pending", "active", "left"))
    }
    assert len(answers) == 1


def test_a_subscriber_who_asks_again_gets_their_page_and_stays_subscribed(client, mailbox):
    subscription = SubscriptionFactory(person__email="ada@example.org")
    join(client)
    (letter,) = mailbox.send_and_read()
    assert subscription.key in letter.get_body(("plain",)).get_content()
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_asking_many_times_in_ten_minutes_brings_one_letter(client, mailbox):
    with time_machine.travel("2026-03-01 12:01", tick=False):
        for spelling in ("ada.l@gmail.com", "Ada.L@gmail.com", "adal+x@gmail.com"):
            join(client, email=spelling)
    assert Person.objects.count() == 1
    assert len(mailbox.send_and_read()) == 1


def test_who_leaves_and_comes_back_within_minutes_gets_a_link_that_works(client, mailbox):
    with time_machine.travel("2026-03-01 12:01", tick=True):
        join(client)
        client.post(link_in(mailbox.send_and_read()[0]))
        subscriptions.unsubscribe(key=Subscription.objects.get().key)
        join(client)
        client.post(link_in(mailbox.send_and_read()[-1]))
    assert Subscription.objects.get().status == "active"


def test_a_yes_by_another_act_replaces_what_a_strangers_form_had_said():
    person = PersonFactory()
    SubscriptionFactory(person=person, status="pending", confirmed_at=None, wording="forged", source="/forged/")
    subscription = subscriptions.subscribe_verified(
        person=person, wording="Yes, the newsletter.", source="/petitions/"
    )
    assert (subscription.status, subscription.wording, subscription.source) == (
        "active",
        "Yes, the newsletter.",
        "/petitions/",
    )


def test_a_form_never_overwrites_a_verified_person(client):
    PersonFactory(email="ada@example.org", given_name="Ada")
    join(client, given_name="Mallory")
    assert Person.objects.get().given_name == "Ada"


def test_the_link_works_for_a_week(client, mailbox):
    join(client)
    link = link_in(mailbox.send_and_read()[0])
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
    assert Subscription.objects.get().status == "pending"


def test_an_old_link_does_not_bring_back_who_left(client, mailbox):
    join(client)
    link = link_in(mailbox.send_and_read()[0])
    client.post(link)
    subscriptions.unsubscribe(key=Subscription.objects.get().key)
    assert client.post(link).status_code == 404
    assert Subscription.objects.get().status == "unsubscribed"


def test_who_left_comes_back_with_a_new_letter(client, mailbox):
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        SubscriptionFactory(person__email="ada@example.org", status="unsubscribed", unsubscribed_at=timezone.now())
    join(client)
    client.post(link_in(mailbox.send_and_read()[-1]))
    assert Subscription.objects.get().status == "active"


def test_coming_back_lifts_an_erasure_and_no_bounce(client, mailbox):
    join(client)
    key = Person.objects.get().email_key
    SuppressionFactory(email_key=key, reason="erased")
    client.post(link_in(mailbox.send_and_read()[0]))
    assert not Suppression.objects.exists()


class TestLeaving:
    def test_get_shows_a_button_and_changes_nothing(self, client):
        subscription = SubscriptionFactory()
        page = client.get(f"/unsubscribe/{subscription.key}/")
        assert page.status_code == 200
        assert "<button" in page.content.decode()
        subscription.refresh_from_db()
        assert subscription.status == "active"

    def test_the_button_leaves(self, client):
        subscription = SubscriptionFactory()
        answer = client.post(f"/unsubscribe/{subscription.key}/")
        assert (answer.status_code, answer["Location"]) == (303, "/unsubscribed/")
        subscription.refresh_from_db()
        assert subscription.status == "unsubscribed"

    @pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}])
    def test_one_click_is_a_plain_200_from_anywhere(self, client, headers):
        subscription = SubscriptionFactory()
        for _ in range(2):
            answer = client.post(
                f"/unsubscribe/{subscription.key}/", {"List-Unsubscribe": "One-Click"}, headers=headers
            )
            assert (answer.status_code, dict(answer.cookies)) == (200, {})
        subscription.refresh_from_db()
        assert subscription.status == "unsubscribed"

    def test_another_site_cannot_press_the_button(self, client):
        subscription = SubscriptionFactory()
        answer = client.post(f"/unsubscribe/{subscription.key}/", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        subscription.refresh_from_db()
        assert subscription.status == "active"

    def test_an_unknown_key_is_a_plain_404(self, client):
        assert [client.get(f"/{page}/nobody/").status_code for page in ("unsubscribe", "preferences")] == [404, 404]


def test_preferences_change_the_language(client):
    subscription = SubscriptionFactory()
    answer = client.post(f"/preferences/{subscription.key}/", {"language": "es"})
    assert answer.status_code == 303
    assert Person.objects.get().language == "es"
    assert 'value="es" selected' in client.get(f"/preferences/{subscription.key}/").content.decode()


class TestTheForm:
    def test_an_error_is_a_422_that_keeps_what_was_typed(self, client):
        page = join(client, email="ada(at)example.org", given_name="Ada", zip_code="2139")
        body = page.content.decode()
        assert page.status_code == 422
        assert re.search(r"<title>\s*Error:", body)
        assert 'value="ada(at)example.org"' in body
        assert 'value="Ada"' in body
        assert body.index("error-summary") < body.index("<form")
        assert not Person.objects.exists()

    def test_the_honeypot_looks_like_success_and_stores_nothing(self, client):
        assert join(client, website="https://spam.example").status_code == 303
        assert not Person.objects.exists()
        assert not Message.objects.exists()

    def test_another_site_cannot_post(self, client):
        answer = client.post("/subscribe/", {"email": "ada@example.org"}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
        assert not Person.objects.exists()

    def test_too_many_attempts_are_a_429_with_the_form_kept(self, client, settings):
        settings.BUDGETS = {**settings.BUDGETS, "subscribe": {"client": (1, 600), "email": (9, 600)}}
        join(client)
        page = join(client, email="eve@example.org")
        assert page.status_code == 429
        assert 0 < int(page["Retry-After"]) <= 600
        assert 'value="eve@example.org"' in page.content.decode()


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("members_subscription_status", {"status": "maybe"}),
        ("members_subscription_confirmed", {"confirmed_at": None}),
        ("members_subscription_unsubscribed", {"status": "unsubscribed"}),
        ("members_subscription_unsubscribed", {"unsubscribed_at": timezone.now()}),
    ],
)
def test_the_database_refuses(rule, values):
    subscription = SubscriptionFactory()
    with pytest.raises(IntegrityError, match=rule):
        Subscription.objects.filter(pk=subscription.pk).update(**values)


def test_a_persons_address_is_lower_case_and_unique():
    PersonFactory(email="ada@example.org")
    with pytest.raises(IntegrityError, match="members_person_email_lower"):
        Person.objects.update(email="Ada@example.org")
    with pytest.raises(IntegrityError):
        PersonFactory(email="ada@example.org")
