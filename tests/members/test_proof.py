"""Who got it, who did not and why, who was missed; the report of the morning after."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from members import newsletter, outbox
from members.models import Issue, IssueLink, Message
from members.newsletter.reporting import sentences
from tests.members.factories import (
    IssueFactory,
    LocalFactory,
    PersonFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db
EASTERN = ZoneInfo("America/New_York")


@pytest.fixture
def sent():
    SubscriptionFactory(person__email="maria@example.org")
    SubscriptionFactory(person__email="sam@example.org")
    complained = SubscriptionFactory(person__email="lee@example.org")
    SuppressionFactory(email_key=complained.person.email_key, reason="complained")
    issue = send_issue(issue=IssueFactory(editor=StaffFactory(email="editor@example.org")))
    outbox.send_waiting()
    newsletter.watch_issues()
    issue.refresh_from_db()
    return issue


def settle(email, status, reason="550 no such user"):
    Message.objects.filter(to=email, lane="bulk").update(status=status, reason=reason, settled_at=timezone.now())


def test_everything_adds_up_and_every_reason_is_named(sent):
    settle("sam@example.org", "refused")
    how = newsletter.progress(sent)
    assert (how.candidates, how.counts) == (3, {"accepted": 1, "refused": 1, "skipped": 1})
    assert newsletter.reasons(sent) == [
        ("refused", "550 no such user", 1),
        ("skipped", "suppressed: complained", 1),
    ]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (" Maria@Example.org ", "Yes: the mail service took it on "),
        ("lee@example.org", "No, skipped on "),
        ("nobody@example.org", "We do not know this address."),
        ("maria", "That is no e-mail address."),
        ("signer@example.org", "No: this person is not subscribed."),
        ("late@example.org", "No: this person joined after the issue was frozen."),
        ("waiting@example.org", "No: this person has not confirmed their address yet."),
        ("gone@example.org", "No: this person had left the newsletter."),
    ],
)
def test_did_they_get_it(sent, email, words):
    PersonFactory(email="signer@example.org")
    SubscriptionFactory(person__email="late@example.org")
    SubscriptionFactory(person__email="waiting@example.org", status="pending", confirmed_at=None)
    SubscriptionFactory(person__email="gone@example.org", status="unsubscribed", unsubscribed_at=timezone.now())
    assert newsletter.trace(sent, email).words.startswith(words)


def test_what_the_mail_service_told_later_is_part_of_the_answer(sent):
    letter = Message.objects.get(to="maria@example.org")
    outbox.record_event(service="x", kind="delivered", recipient=letter.to, reference=letter.reference)
    assert newsletter.trace(sent, "maria@example.org").words.endswith("Since then: delivered.")


def test_who_was_missed_can_be_sent_it_and_nobody_gets_it_twice(sent, mailbox):
    mailbox.send_and_read()
    SubscriptionFactory(person__email="late@example.org")
    settle("sam@example.org", "failed", "given up after 10 attempts")
    missed = newsletter.missed(sent)
    assert (missed.joined, missed.failed, missed.total) == (1, 1, 2)
    assert newsletter.send_to_missed(issue=sent, by=StaffFactory()) == 2
    assert sorted(letter["To"] for letter in mailbox.send_and_read()) == ["late@example.org", "sam@example.org"]
    newsletter.watch_issues()
    sent.refresh_from_db()
    assert (sent.status, sent.candidates, newsletter.missed(sent).total) == ("sent", 4, 0)
    assert sum(newsletter.progress(sent).counts.values()) == 4


def test_refused_and_uncertain_letters_are_never_sent_again_by_that(sent):
    settle("sam@example.org", "refused")
    settle("maria@example.org", "uncertain", "no answer")
    assert (newsletter.missed(sent).total, newsletter.send_to_missed(issue=sent, by=StaffFactory())) == (0, 0)


def test_an_issue_that_is_leaving_has_nobody_missed_yet():
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory())
    with pytest.raises(newsletter.WrongState):
        newsletter.send_to_missed(issue=issue, by=StaffFactory())


def test_doubts_are_settled_one_by_one(sent):
    settle("sam@example.org", "uncertain", "no answer")
    settle("maria@example.org", "uncertain", "no answer")
    sam = Message.objects.get(to="sam@example.org")
    assert newsletter.settle_doubts(issue=sent, by=StaffFactory(), send_again=False, letter=sam.pk) == 1
    assert dict(Message.objects.filter(lane="bulk").values_list("to", "status")) == {
        "sam@example.org": "accepted",
        "maria@example.org": "uncertain",
        "lee@example.org": "skipped",
    }


def test_the_report_says_it_in_five_sentences(sent):
    local = LocalFactory(number="1101")
    maria = Message.objects.get(to="maria@example.org")
    maria.subscription.person.local = local
    maria.subscription.person.save()
    Message.objects.filter(pk=maria.pk).update(delivery="bounced")
    Issue.objects.filter(pk=sent.pk).update(
        frozen_at=datetime(2026, 3, 3, 9, 10, tzinfo=EASTERN), finished_at=datetime(2026, 3, 3, 9, 31, tzinfo=EASTERN)
    )
    IssueLink.objects.create(issue=sent, code="a", url="https://example.org/call", people=12, bots=40)
    IssueLink.objects.create(issue=sent, code="b", url="https://example.org/sign", people=3)
    sent.refresh_from_db()
    assert sentences(sent) == [
        f"No. {sent.number}, “{sent.subject}”, went out to 3 people on March 3 between 09:10 and 09:31.",
        "2 letters were taken by the mail service; 1 were skipped because they had left or cannot be written to.",
        "Its links were followed 15 times, most often https://example.org/call (12), and nobody left the newsletter.",
        "1 letter bounced. Ask for new addresses in CWA Local 1101 (1).",
        "There is nothing that you need to do.",
    ]


def test_the_report_comes_next_morning_and_once(sent):
    finished = datetime(2026, 3, 3, 22, 0, tzinfo=EASTERN)
    Issue.objects.filter(pk=sent.pk).update(frozen_at=finished, finished_at=finished)
    told = []
    for moment in (
        finished + timedelta(minutes=5),
        datetime(2026, 3, 4, 7, 59, tzinfo=EASTERN),
        datetime(2026, 3, 4, 8, 1, tzinfo=EASTERN),
        datetime(2026, 3, 4, 8, 11, tzinfo=EASTERN),
    ):
        with time_machine.travel(moment, tick=False):
            told.append(newsletter.send_reports())
    assert told == [0, 0, 1, 0]
    assert Message.objects.get(key__endswith=":report").to == "editor@example.org"


def test_on_the_night_the_clocks_change_the_report_still_comes_once(sent):
    finished = datetime(2026, 11, 1, 0, 30, tzinfo=EASTERN)
    Issue.objects.filter(pk=sent.pk).update(frozen_at=finished, finished_at=finished)
    told = 0
    for minutes in range(0, 48 * 60, 30):
        with time_machine.travel(finished + timedelta(minutes=minutes), tick=False):
            told += newsletter.send_reports()
    assert told == 1
