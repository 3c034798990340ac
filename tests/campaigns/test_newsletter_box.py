"""The newsletter's box on the form that registers a local: unticked, and a yes that is confirmed by its own letter."""

import re
from html import unescape

import pytest

from campaigns.models import Registration
from members.forms import NEWSLETTER_WORDING
from members.models import Message, Subscription
from tests.campaigns.factories import RegistrationFactory, WeekFactory
from tests.campaigns.typed import TYPED, post
from tests.members.factories import MailDomainFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_the_box_is_unticked_with_the_sentence_of_every_form(client):
    week = WeekFactory()
    html = unescape(client.get(f"/week-of-action/{week.year}/register/").content.decode()).partition("</main>")[0]

    assert "checked" not in re.search(r'<input[^>]* name="newsletter"[^>]*>', html)[0]
    assert str(NEWSLETTER_WORDING) in html


def test_without_a_tick_nobody_is_subscribed(client):
    post(client, WeekFactory())

    assert (Registration.objects.count(), Subscription.objects.count()) == (1, 0)


def test_a_tick_brings_a_letter_to_confirm_and_keeps_the_evidence(client):
    week = WeekFactory()
    post(client, week, newsletter="on")

    subscription = Subscription.objects.select_related("person").get()
    assert (subscription.status, subscription.person.email) == ("pending", "ada@example.org")
    assert (subscription.wording, subscription.source) == (
        str(NEWSLETTER_WORDING),
        f"/week-of-action/{week.year}/register/",
    )
    assert set(Message.objects.values_list("template", flat=True)) == {
        "campaigns/registration_received",
        "members/confirm_subscription",
    }


def test_in_spanish_the_evidence_is_spanish(client):
    week = WeekFactory()
    client.post(f"/es/week-of-action/{week.year}/register/", {**TYPED, "newsletter": "on"})

    subscription = Subscription.objects.select_related("person").get()
    assert (subscription.said.language, subscription.person.language) == ("es", "es")
    assert "Envíenme" in subscription.wording


def test_the_answer_is_the_same_for_a_subscriber(client):
    week = WeekFactory()
    SubscriptionFactory(person__email="ada@example.org")
    known = post(client, week, newsletter="on")
    unknown = post(client, week, newsletter="on", local_number="1102", email="eve@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_refused_registration_subscribes_nobody(client):
    assert post(client, WeekFactory(), newsletter="on", ship_city="").status_code == 422
    assert Subscription.objects.count() == 0


def test_the_box_is_not_on_the_page_that_changes_a_registration(client):
    html = client.get(f"/registration/{RegistrationFactory().key}/change/").content.decode()

    assert 'name="newsletter"' not in html


def test_an_employers_address_is_asked_about_here_too(client):
    week = WeekFactory()
    MailDomainFactory(domain="att.com")
    page = post(client, week, email="ada@att.com")
    answer = post(client, week, email="ada@att.com", kept_email="ada@att.com")

    assert (page.status_code, answer.status_code, Registration.objects.get().email) == (422, 303, "ada@att.com")
    assert 'name="kept_email" value="ada@att.com"' in page.content.decode()
    assert "Use this address anyway" in page.content.decode()
