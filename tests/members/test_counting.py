"""An issue's counts: what the rows say, in every way that letters change, and at once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from members import newsletter
from members.models import LetterCount, LetterCountDelta, Message
from members.outbox.claims import claim
from members.outbox.counting import counts_of, sum_up
from tests.members.factories import IssueFactory, MessageFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db(transaction=True)


def frozen_issue(readers):
    SubscriptionFactory.create_batch(readers)
    return send_issue(issue=IssueFactory(), by=StaffFactory())


def rows(issue):
    found = Message.objects.filter(issue=issue).values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in found}


def grow_old():
    LetterCountDelta.objects.update(at=timezone.now() - timedelta(hours=1))


def test_every_way_a_letter_changes_is_counted(mailbox):
    issue = frozen_issue(6)
    assert counts_of(issue).by_status == {"queued": 6}
    claim("bulk", 2)
    assert counts_of(issue).by_status == {"queued": 4, "claimed": 2}
    mailbox.send_and_read()
    assert counts_of(issue).by_status == {"accepted": 4, "claimed": 2}
    Message.objects.filter(status="claimed").update(status="uncertain", settled_at=timezone.now(), reason="x")
    newsletter.settle_doubts(issue=issue, by=StaffFactory(), send_again=True)
    newsletter.cancel(issue=issue, by=StaffFactory())
    assert counts_of(issue).by_status == rows(issue) == {"accepted": 4, "skipped": 2}
    assert (counts_of(issue).total, counts_of(issue).settled, counts_of(issue).open) == (6, 6, 0)
    Message.objects.filter(status="skipped").delete()
    assert counts_of(issue).by_status == {"accepted": 4}


def test_a_change_that_is_rolled_back_is_not_counted():
    issue = frozen_issue(2)
    with pytest.raises(RuntimeError), transaction.atomic():
        newsletter.cancel(issue=issue, by=StaffFactory())
        raise RuntimeError
    assert counts_of(issue).by_status == {"queued": 2}


def test_letters_of_no_issue_are_not_counted():
    MessageFactory.create_batch(3)
    assert LetterCountDelta.objects.count() == 0


def test_summing_up_changes_nothing_that_is_seen_and_twice_does_nothing(mailbox):
    issue = frozen_issue(3)
    mailbox.send_and_read()
    assert sum_up() == 0  # young notes are kept: they tell the rate
    assert counts_of(issue).rate > 0
    grow_old()
    assert (sum_up() > 0, sum_up()) == (True, 0)
    assert LetterCountDelta.objects.count() == 0
    assert counts_of(issue).by_status == {"accepted": 3}
    assert LetterCount.objects.get(status="accepted").count == 3
    assert counts_of(issue).rate == 0


def test_while_letters_leave_in_batches_the_counts_are_those_of_the_rows():
    issue = frozen_issue(40)
    while batch := claim("bulk", 7):
        Message.objects.filter(batch=batch.id).update(status="accepted", settled_at=timezone.now())
        assert (counts_of(issue).total, counts_of(issue).by_status) == (40, rows(issue))
    assert counts_of(issue).by_status == {"accepted": 40}


def test_counting_reads_notes_and_never_the_letters(django_assert_num_queries):
    issue = frozen_issue(3)
    with django_assert_num_queries(2) as asked:
        counts_of(issue)
    assert not any("members_message" in query["sql"] for query in asked.captured_queries)
