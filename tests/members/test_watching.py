"""First letters alone, then the others; a stop by itself; the brakes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members import newsletter, outbox
from members.models import Issue, Message
from members.newsletter.faults import Faults, faults_of, reason_to_stop
from tests.members.factories import IssueFactory, StaffFactory, SubscriptionFactory, SuppressionFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary(settings):
    """Ten readers, of whom three get it first."""
    settings.NEWSLETTER_CANARY, settings.NEWSLETTER_CANARY_SHARE, settings.NEWSLETTER_CANARY_WAIT = 3, 0.02, 600
    SubscriptionFactory.create_batch(10)
    issue = IssueFactory(status="scheduled", scheduled_for=timezone.now(), editor=StaffFactory())
    return newsletter.freeze_issue(issue=issue)


def states(issue):
    issue.refresh_from_db()
    counts = newsletter.progress(issue).counts
    return issue.status, counts.get("accepted", 0), counts.get("queued", 0)


def test_the_first_letters_go_alone(canary):
    outbox.send_waiting()
    newsletter.watch_issues()
    assert states(canary) == ("canary", 3, 7)
    assert canary.canary_settled_at is not None


def test_after_the_wait_the_others_follow(canary):
    outbox.send_waiting()
    newsletter.watch_issues()
    Issue.objects.update(canary_settled_at=timezone.now() - timedelta(seconds=601))
    newsletter.watch_issues()
    outbox.send_waiting()
    newsletter.watch_issues()
    assert states(canary) == ("sent", 10, 0)


def test_while_a_first_letter_is_on_its_way_the_wait_does_not_begin(canary):
    newsletter.watch_issues()
    assert states(canary) == ("canary", 0, 10)
    assert canary.canary_settled_at is None


def test_paused_among_the_first_it_goes_on_with_the_first(canary):
    newsletter.pause(issue=canary, by=StaffFactory())
    outbox.send_waiting()
    assert states(canary) == ("paused", 0, 10)
    newsletter.resume(issue=canary, by=StaffFactory())
    outbox.send_waiting()
    assert states(canary) == ("canary", 3, 7)


def test_the_first_letters_are_a_sample_of_all(settings):
    settings.NEWSLETTER_CANARY, settings.NEWSLETTER_CANARY_SHARE = 5, 0.02
    subscriptions = SubscriptionFactory.create_batch(60)
    issue = newsletter.freeze_issue(issue=IssueFactory(status="scheduled", scheduled_for=timezone.now()))
    first = Message.objects.filter(issue=issue, pk__lte=issue.canary_until).values_list("subscription", flat=True)
    assert len(first) == 5
    assert set(first) != {each.pk for each in subscriptions[:5]}


@pytest.mark.parametrize(("readers", "expected"), [(3, "sending"), (4, "canary")])
def test_a_list_no_longer_than_the_first_letters_goes_at_once(settings, readers, expected):
    settings.NEWSLETTER_CANARY = 3
    SubscriptionFactory.create_batch(readers)
    issue = newsletter.freeze_issue(issue=IssueFactory(status="scheduled", scheduled_for=timezone.now()))
    assert issue.status == expected


def test_a_long_list_begins_with_its_share(settings):
    settings.NEWSLETTER_CANARY, settings.NEWSLETTER_CANARY_SHARE = 2, 0.5
    SubscriptionFactory.create_batch(20)
    issue = newsletter.freeze_issue(issue=IssueFactory(status="scheduled", scheduled_for=timezone.now()))
    assert Message.objects.filter(issue=issue, pk__lte=issue.canary_until).count() == 10


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(accepted=200, handed_over=200, bounced=4), ""),
        (Faults(accepted=200, handed_over=200, bounced=5), "5 of 200 letters (2.5%) bounced"),
        (Faults(accepted=1000, handed_over=1000, complained=1), ""),
        (Faults(accepted=1000, handed_over=1000, complained=2), "2 of 1000 letters (0.2%) were marked as spam"),
        (Faults(accepted=190, handed_over=200, refused=10), ""),
        (Faults(accepted=189, handed_over=200, refused=11), "11 of 200 letters (5.5%) were refused"),
        (Faults(accepted=5, handed_over=24, in_a_row=19), ""),
        (Faults(accepted=5, handed_over=25, in_a_row=20), "The last 20 letters all failed"),
        (Faults(accepted=10, handed_over=40, refused=30, in_a_row=3), ""),
    ],
)
def test_what_is_too_much(faults, words):
    assert reason_to_stop(faults).startswith(words)
    assert bool(reason_to_stop(faults)) == bool(words)


def a_bad_start():
    SubscriptionFactory.create_batch(60)
    issue = send_issue(issue=IssueFactory(editor=StaffFactory(email="editor@example.org")))
    Message.objects.filter(issue=issue).update(status="accepted", settled_at=timezone.now())
    for letter in Message.objects.filter(issue=issue)[:2]:
        Message.objects.filter(pk=letter.pk).update(delivery="bounced")
        SuppressionFactory(email_key=letter.email_key, reason="bounced")
    waiting = Message.objects.filter(issue=issue).last()
    Message.objects.filter(pk=waiting.pk).update(status="queued", settled_at=None)
    return issue


def test_too_many_bounces_stop_it_and_the_editor_hears_why():
    issue = a_bad_start()
    newsletter.watch_issues()
    issue.refresh_from_db()
    letter = Message.objects.get(key__contains=":paused:")
    assert (issue.status, letter.to) == ("paused", "editor@example.org")
    assert issue.pause_reason.startswith("2 of 59 letters (3.4%) bounced because the mailbox does not exist")
    assert letter.context["sentences"][1] == issue.pause_reason


def test_two_watchers_tell_the_editor_once():
    issue = a_bad_start()
    newsletter.watch_issues()
    newsletter.watch_issues()
    issue.refresh_from_db()
    assert Message.objects.filter(key__contains=":paused:").count() == 1


def test_what_staff_let_pass_stops_it_no_more_but_new_faults_do():
    issue = a_bad_start()
    newsletter.watch_issues()
    newsletter.resume(issue=issue, by=StaffFactory())
    newsletter.watch_issues()
    issue.refresh_from_db()
    assert (issue.status, issue.pause_reason) == ("sending", "")
    later = faults_of(issue)
    worse = Faults(accepted=later.accepted + 100, handed_over=later.handed_over + 100, bounced=later.bounced + 3)
    assert reason_to_stop(worse.since(issue.tolerated)).startswith("3 of 100")


def test_a_full_mailbox_is_no_reason_to_stop():
    SubscriptionFactory.create_batch(60)
    issue = send_issue(issue=IssueFactory())
    Message.objects.filter(issue=issue).update(status="accepted", settled_at=timezone.now(), delivery="bounced")
    assert (faults_of(issue).bounced, reason_to_stop(faults_of(issue))) == (0, "")


def test_letters_that_fail_one_after_the_other_stop_it():
    SubscriptionFactory.create_batch(30)
    issue = send_issue(issue=IssueFactory(editor=StaffFactory()))
    pks = list(Message.objects.filter(issue=issue).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    Message.objects.filter(pk__in=pks[:5]).update(status="accepted", settled_at=now - timedelta(seconds=5))
    Message.objects.filter(pk__in=pks[5:25]).update(status="refused", settled_at=now, reason="550 no")
    newsletter.watch_issues()
    issue.refresh_from_db()
    assert (issue.status, issue.pause_reason) == (
        "paused",
        "The last 20 letters all failed. The mail service may be refusing us.",
    )
