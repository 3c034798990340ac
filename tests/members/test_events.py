"""What the mail service tells: once, in any order, before or after our own commit, it comes to the same."""

from itertools import permutations

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.utils import timezone

from csan.lib.mail import Outcome, Verdict
from members import outbox
from members.models import MailEvent, Message, Subscription, Suppression
from members.outbox.claims import claim
from members.outbox.settling import settle
from tests.members.factories import MessageFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def tell(letter, kind, **more):
    event = AnymailTrackingEvent(
        event_type=kind, recipient=letter.to, metadata={"letter": letter.reference}, message_id="esp-1", **more
    )
    tracking.send(sender=object, event=event, esp_name="Postmark")
    letter.refresh_from_db()


def uncertain(**values):
    return MessageFactory(status="uncertain", settled_at=timezone.now(), reason="no answer", **values)


def test_any_proof_of_acceptance_heals_a_letter_in_doubt():
    letter = uncertain()
    tell(letter, "delivered")
    assert (letter.status, letter.delivery, letter.reason) == ("accepted", "delivered", "")


def test_a_refusal_by_the_service_settles_a_letter_in_doubt():
    letter = uncertain()
    tell(letter, "rejected", reject_reason="blocked")
    assert (letter.status, letter.reason) == ("refused", "the mail service refused it: blocked")


@pytest.mark.parametrize("order", list(permutations(["deferred", "delivered", "bounced", "complained"])))
def test_the_order_of_events_does_not_matter(order):
    letter = MessageFactory(status="accepted", settled_at=timezone.now())
    for kind in order:
        tell(letter, kind, event_id=kind)
    assert letter.delivery == "complained"


def test_a_repeated_webhook_is_kept_once():
    letter = MessageFactory()
    for _ in range(3):
        tell(letter, "delivered", event_id="e1")
    assert MailEvent.objects.count() == 1


def test_without_an_event_id_the_same_event_is_still_kept_once():
    letter = MessageFactory()
    moment = timezone.now()
    for _ in range(2):
        tell(letter, "delivered", timestamp=moment)
    assert MailEvent.objects.count() == 1


def test_an_event_may_come_before_our_own_commit():
    letter = MessageFactory()
    tell(letter, "delivered")
    assert letter.status == "accepted"
    outbox.send_waiting()
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("accepted", 0)


@pytest.mark.parametrize(
    ("kind", "why", "reason"),
    [
        ("bounced", "invalid", "bounced"),
        ("complained", "spam", "complained"),
    ],
)
def test_a_dead_mailbox_and_a_complaint_are_suppressed(kind, why, reason):
    letter = MessageFactory()
    tell(letter, kind, reject_reason=why)
    assert list(Suppression.objects.values_list("email_key", "reason")) == [(letter.email_key, reason)]


def test_a_mailbox_that_its_service_calls_dead_is_suppressed_at_once():
    tell(MessageFactory(), "bounced", reject_reason="bounced", esp_event={"Type": "HardBounce"})
    assert Suppression.objects.get().reason == "bounced"


def test_a_complaint_outweighs_a_bounce():
    letter = MessageFactory()
    tell(letter, "bounced", reject_reason="invalid")
    tell(letter, "complained")
    assert Suppression.objects.get().reason == "complained"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_told_before_our_own_commit_stands(settings):
    letter = MessageFactory()
    batch = claim("transactional", 1)
    tell(letter, "rejected", reject_reason="blocked", event_id="early")
    settle(batch, {letter.pk: Outcome(Verdict.ACCEPTED, provider_id="esp-1")})
    letter.refresh_from_db()
    assert (letter.status, letter.reason) == ("refused", "the mail service refused it: blocked")


@pytest.mark.django_db(transaction=True)
def test_an_event_that_knows_only_the_services_name_is_heard_after_our_commit():
    letter = MessageFactory()
    batch = claim("transactional", 1)
    outbox.record_event(service="x", kind="delivered", recipient=letter.to, provider_id="esp-9")
    settle(batch, {letter.pk: Outcome(Verdict.ACCEPTED, provider_id="esp-9")})
    letter.refresh_from_db()
    assert (letter.status, letter.delivery) == ("accepted", "delivered")


def test_the_services_own_unsubscribe_link_counts_as_ours():
    subscription = SubscriptionFactory()
    letter = MessageFactory(to=subscription.person.email)
    tell(letter, "unsubscribed")
    subscription.refresh_from_db()
    assert subscription.status == Subscription.Status.UNSUBSCRIBED


def test_an_event_about_a_letter_we_do_not_know_is_kept():
    outbox.record_event(service="Postmark", kind="delivered", recipient="who@example.org", reference="99999.forged")
    assert MailEvent.objects.get().message is None


def test_a_reference_cannot_be_guessed():
    letter = uncertain()
    outbox.record_event(service="x", kind="delivered", recipient=letter.to, reference=f"{letter.pk}.000000000000")
    letter.refresh_from_db()
    assert letter.status == "uncertain"


def test_the_services_own_name_finds_the_letter_too():
    letter = uncertain(provider_id="esp-77")
    outbox.record_event(service="x", kind="delivered", recipient=letter.to, provider_id="esp-77")
    assert Message.objects.get().status == "accepted"
