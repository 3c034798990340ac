"""Mailboxes that give our mail back: dead ones at once, full ones by score, whatever the order of what is told."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from csan.lib.addresses import email_key
from csan.lib.mail import Outcome, Verdict
from csan.lib.mail.bounces import is_for_good, refuses_for_good
from members import outbox
from members.models import Suppression
from members.outbox.mailboxes import score
from tests.members.factories import MessageFactory, SuppressionFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
FULL = "full@example.org"


def tell(kind, day=0, *, hour=0, is_permanent=False, to=FULL):
    moment = NOON + timedelta(days=day, hours=hour)
    outbox.record_event(
        service="Postmark", kind=kind, recipient=to, happened_at=moment, is_permanent=is_permanent, provider_id="p"
    )


def reasons():
    return list(Suppression.objects.values_list("email_key", "reason"))


def test_a_dead_mailbox_is_given_up_at_once():
    tell("bounced", is_permanent=True)
    assert reasons() == [(email_key(FULL), "bounced")]


def test_a_full_one_after_six_days_of_bounces():
    for day in range(5):
        tell("bounced", day)
    assert (score(email_key(FULL)), reasons()) == (2.5, [])
    tell("bounced", 5)
    assert (score(email_key(FULL)), reasons()) == (3.0, [(email_key(FULL), "bouncing")])


def test_many_bounces_of_one_day_count_as_one():
    for hour in range(6):
        tell("bounced", hour=hour)
    assert (score(email_key(FULL)), reasons()) == (0.5, [])


def test_a_day_is_a_day_in_the_unions_time_zone():
    tell("bounced", hour=10)  # 22 o'clock in New York
    tell("bounced", hour=13)  # 1 o'clock of the next day there; in UTC both are the same day
    assert score(email_key(FULL)) == 1.0


def test_a_delivery_sets_the_score_back():
    for day in range(5):
        tell("bounced", day)
    tell("delivered", 5)
    tell("bounced", 6)
    assert (score(email_key(FULL)), reasons()) == (0.5, [])


def test_told_twice_a_bounce_counts_once():
    for _ in range(2):
        for day in range(5):
            tell("bounced", day)
    assert (score(email_key(FULL)), reasons()) == (2.5, [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_delivery_that_is_told_late_lifts_what_the_bounces_around_it_had_brought(order):
    parts = [
        lambda: [tell("bounced", day) for day in range(3)],
        lambda: tell("delivered", 3),
        lambda: [tell("bounced", day) for day in range(4, 7)],
    ]
    for part in order:
        parts[part]()
    assert (score(email_key(FULL)), reasons()) == (1.5, [])


def test_a_dead_mailbox_stays_dead_whatever_is_told_later():
    tell("bounced", is_permanent=True)
    tell("delivered", 1)
    assert reasons() == [(email_key(FULL), "bounced")]


def test_a_complaint_is_for_ever():
    tell("complained")
    tell("delivered", 1)
    tell("bounced", 2, is_permanent=True)
    assert reasons() == [(email_key(FULL), "complained")]


def test_what_staff_stopped_stays_as_staff_stopped_it():
    SuppressionFactory(email_key=email_key(FULL), reason="staff")
    for day in range(6):
        tell("bounced", day)
    assert reasons() == [(email_key(FULL), "staff")]


def test_two_addresses_equal_but_for_case_are_one_mailbox():
    for day in range(6):
        tell("bounced", day, to=FULL if day % 2 else "Full@Example.ORG")
    assert reasons() == [(email_key(FULL), "bouncing")]


def test_a_mailbox_that_bounced_too_often_gets_no_letter_and_staff_read_why(mailbox):
    for day in range(6):
        tell("bounced", day)
    letter = MessageFactory(to=FULL)
    assert mailbox.send_and_read() == []
    letter.refresh_from_db()
    assert letter.reason == "suppressed: the mailbox gave our mail back again and again"


@pytest.mark.django_db(transaction=True)
def test_the_last_two_bounces_told_at_the_same_time_both_count():
    for day in range(4):
        tell("bounced", day)
    barrier = threading.Barrier(2)

    def work(day):
        barrier.wait()
        tell("bounced", day)
        connection.close()

    threads = [threading.Thread(target=work, args=(day,)) for day in (4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reasons() == [(email_key(FULL), "bouncing")]


def test_the_database_knows_the_reasons():
    with pytest.raises(IntegrityError, match="members_suppression_reason"), transaction.atomic():
        SuppressionFactory(reason="rude")


@pytest.mark.parametrize(
    ("service", "dead", "full"),
    [
        ("Amazon SES", {"bounce": {"bounceType": "Permanent"}}, {"bounce": {"bounceType": "Transient"}}),
        ("Brevo", {"event": "hard_bounce"}, {"event": "soft_bounce"}),
        ("MailerSend", {"type": "activity.hard_bounced"}, {"type": "activity.soft_bounced"}),
        ("Mailgun", {"event-data": {"severity": "permanent"}}, {"event-data": {"severity": "temporary"}}),
        ("Mailjet", {"event": "bounce", "hard_bounce": True}, {"event": "bounce", "hard_bounce": False}),
        ("Mandrill", {"event": "hard_bounce"}, {"event": "soft_bounce"}),
        ("Postmark", {"Type": "HardBounce"}, {"Type": "SoftBounce"}),
        ("Resend", {"data": {"bounce": {"type": "Permanent"}}}, {"data": {"bounce": {"type": "Transient"}}}),
        ("SparkPost", {"bounce_class": "10"}, {"bounce_class": "22"}),
        ("Unisender Go", {"event_data": {"status": "hard_bounced"}}, {"event_data": {"status": "soft_bounced"}}),
    ],
)
def test_each_services_words_for_good_and_for_now(service, dead, full):
    assert (is_for_good(service, dead), is_for_good(service, full)) == (True, False)


def test_a_name_that_sounds_hard_is_no_hard_bounce():
    told = {"Type": "SoftBounce", "Email": "richard@hardware.example", "Description": "not permanent"}
    assert is_for_good("Postmark", told) is False


def test_an_invalid_address_is_dead_with_every_service():
    assert is_for_good("A new one", None, reject_reason="invalid") is True


@pytest.mark.parametrize(
    ("answer", "is_dead"),
    [
        ("550 5.1.1 no such user", True),
        ("550-5.1.1 the account that you tried to reach\n5.1.1 does not exist", True),
        ("550 5.1.2 no such host", True),
        ("551 5.1.6 has moved", True),
        ("556 5.1.10 takes no mail", True),
        ("550 5.2.1 the mailbox is disabled", True),
        ("552 5.2.2 the mailbox is full", False),
        ("550 5.1.8 your domain does not exist", False),
        ("550 5.7.1 5.1.1 policy", False),
        ("554 5.7.26 not authenticated", False),
        ("554 5.6.0 content", False),
        ("550 go away", False),
    ],
)
def test_which_refusals_speak_of_the_mailbox(answer, is_dead):
    assert refuses_for_good(Outcome(Verdict.REFUSED, f"{answer} (answer to RCPT)")) is is_dead
    assert not refuses_for_good(Outcome(Verdict.TEMPORARY, f"{answer} (answer to RCPT)"))
