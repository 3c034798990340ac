"""The rate of all senders together, and the few letters a day of a new domain."""

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members import newsletter, outbox
from members.models import Issue, Message
from members.outbox import budget
from members.outbox.claims import claim
from tests.mailserver import running
from tests.members.factories import IssueFactory, MessageFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue
from tests.members.test_killed_senders import freeze_for
from tests.processes import sender, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


class TestRate:
    def test_places_follow_one_another_without_a_gap_whoever_takes_them(self, settings):
        settings.MAIL_RATE = 1000
        paces = [budget.take(count, may_wait=True) for count in (100, 250, 1)]
        ends = [pace.starts + count * pace.gap for pace, count in zip(paces, (100, 250, 1), strict=True)]
        assert paces[1].starts == pytest.approx(ends[0], abs=0.02)
        assert paces[2].starts == pytest.approx(ends[1], abs=0.02)
        assert {pace.gap for pace in paces} == {0.001}

    def test_a_second_too_late_is_not_made_up_for(self, settings):
        settings.MAIL_RATE = 100
        budget.take(1, may_wait=True)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE members_sendbudget SET free_at = clock_timestamp() - interval '10 seconds'")
        pace = budget.take(50, may_wait=True)
        assert pace.wait() == pytest.approx(-budget.CREDIT, abs=0.05)
        assert pace.places() == pytest.approx(1 + budget.CREDIT * 100, abs=5)

    def test_nobody_takes_more_than_a_second_and_a_half_ahead(self, settings):
        settings.MAIL_RATE = 100
        taken = 0
        while size := budget.affordable(1000):
            budget.take(size, may_wait=True)
            taken += size
        assert taken == 200


@pytest.mark.scale
def test_two_senders_together_keep_the_rate_within_two_percent(tmp_path):
    rate, span = 150, 12
    freeze_for(rate * (span + 6))
    with running(tmp_path) as server:
        senders = [sender(EMAIL_URL=server.url, MAIL_RATE=str(rate)) for _ in range(2)]
        try:
            wait_until(lambda: server.accepted().total() > rate * 2, 30, "the senders to have found their pace")
            begun, before = time.monotonic(), server.accepted().total()
            time.sleep(span)
            after, took = server.accepted().total(), time.monotonic() - begun
        finally:
            for process in senders:
                process.kill()
                process.wait()
    print(f"RATE {(after - before) / took:.2f} a second, wanted {rate}")
    assert (after - before) / took == pytest.approx(rate, rel=0.02)


class TestWarmUp:
    @pytest.mark.parametrize(
        ("day", "limit"), [(-3, 200), (0, 200), (1, 236), (7, 632), (21, 6325), (41, 169669), (42, None), (400, None)]
    )
    def test_a_little_more_each_day(self, settings, day, limit):
        settings.MAIL_WARM_UP_FROM = date(2026, 3, 1)
        assert budget.limit_on(date(2026, 3, 1) + day * DAY) == limit

    def test_no_limit_where_none_is_set(self):
        assert (budget.limit_on(timezone.localdate()), budget.left_today()) == (None, None)

    def frozen(self, monkeypatch, settings, readers=12, first_day=5):
        monkeypatch.setattr(budget, "FIRST_DAY", first_day)
        settings.MAIL_WARM_UP_FROM = timezone.localdate()
        SubscriptionFactory.create_batch(readers)
        return send_issue(issue=IssueFactory(), by=StaffFactory())

    def test_at_the_days_limit_an_issue_waits_for_tomorrow(self, mailbox, monkeypatch, settings):
        issue = self.frozen(monkeypatch, settings)
        assert budget.left_today() == 5
        assert len(mailbox.send_and_read()) == 5
        assert outbox.send_waiting() is False
        newsletter.finish_issues()
        issue.refresh_from_db()
        assert (budget.left_today(), issue.status) == (0, Issue.Status.SENDING)
        assert outbox.counts_of(issue).by_status == {"accepted": 5, "queued": 7}
        Message.objects.filter(status="accepted").update(settled_at=timezone.now() - DAY)
        assert len(mailbox.send_and_read()) == 10

    def test_letters_somebody_waits_for_are_not_limited(self, mailbox, monkeypatch, settings):
        self.frozen(monkeypatch, settings, first_day=2)
        assert len(mailbox.send_and_read()) == 2
        MessageFactory()
        assert len(mailbox.send_and_read()) == 3

    def test_those_in_a_senders_hands_count(self, monkeypatch, settings):
        self.frozen(monkeypatch, settings)
        claim("bulk", 3)
        assert budget.left_today() == 2
        assert len(claim("bulk", 100).messages) == 2
        assert claim("bulk", 100) is None
