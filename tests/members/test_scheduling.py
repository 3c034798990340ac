"""When an issue goes out: after the hold, at its time, once; and what keeps it back."""

import subprocess
import sys
import threading
from datetime import timedelta

import psycopg2
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from members import newsletter
from members.models import Issue, Message
from tests.members.factories import StaffFactory, SubscriptionFactory
from tests.members.sending import approved_issue, scheduled_issue
from tests.processes import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
FREEZE = "import django; django.setup(); from members import newsletter; newsletter.send_due()"
BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO members_message%'
"""


@pytest.fixture(autouse=True)
def readers():
    SubscriptionFactory.create_batch(3)


def letters_about(words):
    return list(Message.objects.filter(key__contains=words).values_list("to", "context__sentences"))


def test_send_now_waits_for_the_hold(settings):
    settings.NEWSLETTER_HOLD = 600
    issue = newsletter.schedule(issue=approved_issue(), by=StaffFactory())
    wait = issue.scheduled_for - timezone.now()
    assert (issue.status, timedelta(seconds=590) < wait <= timedelta(seconds=600)) == ("scheduled", True)
    assert (newsletter.send_due(), Message.objects.filter(lane="bulk").count()) == (0, 0)


def test_a_time_within_the_hold_is_moved_behind_it():
    issue = newsletter.schedule(issue=approved_issue(), by=StaffFactory(), at=timezone.now() + timedelta(minutes=1))
    assert issue.scheduled_for > timezone.now() + timedelta(minutes=9)


def test_stopped_nobody_gets_it_and_it_stays_approved():
    issue = scheduled_issue()
    newsletter.stop(issue=issue, by=StaffFactory())
    issue.refresh_from_db()
    assert (newsletter.send_due(), issue.status, issue.scheduled_for) == (0, "approved", None)
    with pytest.raises(newsletter.WrongState):
        newsletter.stop(issue=issue, by=StaffFactory())


def test_at_its_time_it_goes():
    issue = scheduled_issue()
    assert newsletter.send_due() == 1
    issue.refresh_from_db()
    assert (issue.status, issue.candidates, Message.objects.filter(issue=issue).count()) == ("sending", 3, 3)


def test_two_ticks_at_once_send_it_once():
    issue = scheduled_issue()
    barrier, sent = threading.Barrier(2), []

    def tick():
        barrier.wait()
        sent.append(newsletter.send_due())
        connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(sent), Message.objects.filter(issue=issue).count()) == ([0, 1], 3)


def is_freezing():
    with connection.cursor() as cursor:
        cursor.execute(BLOCKED)
        return cursor.fetchone()[0] == 1


def test_killed_while_it_freezes_nothing_has_happened_and_the_next_worker_sends_it_once():
    issue = scheduled_issue()
    holder = psycopg2.connect(**connection.get_connection_params())
    holder.cursor().execute("LOCK TABLE members_message IN EXCLUSIVE MODE")
    worker = subprocess.Popen([sys.executable, "-c", FREEZE], cwd=ROOT, env=environment())
    wait_until(is_freezing, 60, "the worker to write the letters")
    worker.kill()
    worker.wait()
    holder.close()
    wait_until(lambda: not is_freezing(), 30, "the database to see that the worker is gone")
    issue.refresh_from_db()
    renditions = issue.renditions.filter(is_test=False)
    assert (issue.status, Message.objects.filter(issue=issue).count(), renditions.count()) == ("scheduled", 0, 0)
    assert newsletter.send_due() == 1
    issue.refresh_from_db()
    assert (issue.candidates, Message.objects.filter(issue=issue).count()) == (3, 3)


def test_what_was_changed_behind_the_approval_does_not_go_and_the_editor_hears_it():
    issue = scheduled_issue()
    Issue.objects.filter(pk=issue.pk).update(subject="Slipped in")
    assert newsletter.send_due() == 0
    issue.refresh_from_db()
    assert (issue.status, newsletter.approval_of(issue)) == ("draft", None)
    ((to, sentences),) = letters_about(":not-sent:")
    assert (to, "changed after it had been approved" in sentences[1]) == (issue.editor.email, True)


def test_an_issue_for_nobody_goes_back_to_its_editor():
    issue = scheduled_issue()
    Issue.objects.filter(pk=issue.pk).update(status="scheduled")
    for subscription in newsletter.audiences.Subscription.objects.all():
        subscription.delete()
    assert newsletter.send_due() == 0
    issue.refresh_from_db()
    assert (issue.status, issue.scheduled_for, issue.frozen_at) == ("approved", None, None)
    assert "Nobody is subscribed" in letters_about(":not-sent:")[0][1][1]


def test_a_time_that_passed_while_nothing_ran_is_not_made_up_for_in_the_night():
    issue = scheduled_issue()
    Issue.objects.filter(pk=issue.pk).update(scheduled_for=timezone.now() - timedelta(hours=7))
    assert newsletter.send_due() == 0
    issue.refresh_from_db()
    assert (issue.status, letters_about(":not-sent:") != []) == ("approved", True)


def test_a_worker_that_was_away_for_an_hour_sends_late():
    issue = scheduled_issue()
    Issue.objects.filter(pk=issue.pk).update(scheduled_for=timezone.now() - timedelta(hours=1))
    assert newsletter.send_due() == 1


def test_only_what_is_approved_is_scheduled():
    issue = approved_issue()
    newsletter.touched(issue=issue, by=StaffFactory())
    with pytest.raises(newsletter.WrongState):
        newsletter.schedule(issue=issue, by=StaffFactory())


def test_what_is_no_longer_what_was_approved_is_not_scheduled():
    issue = approved_issue()
    Issue.objects.filter(pk=issue.pk).update(subject="Slipped in")
    with pytest.raises(newsletter.NotApproved):
        newsletter.schedule(issue=issue, by=StaffFactory())


def test_who_scheduled_it_and_for_when_is_logged():
    staff = StaffFactory()
    newsletter.schedule(issue=approved_issue(), by=staff)
    entry = LogEntry.objects.get(user=staff)
    assert entry.change_message.startswith("Scheduled (at: 20")
