"""An issue's counts: what the rows say, in every way that letters change, also with a million of them."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from members import newsletter
from members.models import Issue, LetterCount, LetterCountDelta, Message
from members.outbox.claims import claim
from members.outbox.counting import counts_of, sum_up
from tests.members.factories import IssueFactory, MessageFactory, StaffFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db(transaction=True)
MILLION = 1_000_000


def frozen_issue(readers):
    SubscriptionFactory.create_batch(readers)
    return newsletter.send_issue(issue=IssueFactory(), by=StaffFactory())


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


FILL = """
    INSERT INTO members_message (
        key, lane, status, "to", email_key, language, template, context, rendition_id, issue_id, available_at,
        attempts, settled_at, reason, provider_id, delivery, created_at
    )
    SELECT 'issue:' || %(issue)s || ':' || n, 'bulk', CASE WHEN n %% 3 = 0 THEN 'queued' ELSE 'accepted' END,
        'reader' || n || '@example.org', md5(n::text), 'en', '', '{"key": "k"}', %(rendition)s, %(issue)s, now(), 0,
        CASE WHEN n %% 3 = 0 THEN NULL ELSE now() - interval '1 hour' END, '', '', '', now()
    FROM generate_series(1, %(count)s) AS n
"""


@pytest.mark.scale
def test_a_million_letters_and_the_staff_pages_answer_at_once(admin_client):
    SubscriptionFactory()
    issue = newsletter.send_issue(issue=IssueFactory(), by=StaffFactory())
    Message.objects.all().delete()
    Issue.objects.filter(pk=issue.pk).update(candidates=MILLION)
    values = {"issue": issue.pk, "rendition": issue.renditions.first().pk, "count": MILLION}
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute("ANALYZE members_message")
    print(f"TIME filled in {time.monotonic() - begun:.1f} s")
    slowest = 0.0
    for url in (
        f"/admin/members/message/?issue__id__exact={issue.pk}",
        f"/admin/members/message/?issue__id__exact={issue.pk}&status__exact=queued",
        f"/admin/members/message/?issue__id__exact={issue.pk}&status__exact=refused",
        f"/admin/members/message/?issue__id__exact={issue.pk}&q=reader999999@example.org",
        "/admin/members/message/",
        "/admin/members/message/?status__exact=uncertain",
        f"/admin/members/issue/{issue.pk}/change/",
    ):
        took = []
        for _ in range(5):
            begun = time.monotonic()
            response = admin_client.get(url)
            took.append(time.monotonic() - begun)
            assert response.status_code == 200
        print(f"TIME {url}: {min(took) * 1000:.0f} ms")
        slowest = max(slowest, min(took))
    took = []
    while batch := claim("bulk", 500):  # while it is being sent, with rows that no index scan may trust
        Message.objects.filter(batch=batch.id).update(status="accepted", settled_at=timezone.now())
        begun = time.monotonic()
        counts = counts_of(issue)
        took.append(time.monotonic() - begun)
        assert counts.total == MILLION
        if len(took) == 60:
            break
    print(f"TIME counts while sending: {max(took) * 1000:.1f} ms")
    assert counts_of(issue).by_status == rows(issue)
    assert max(slowest, *took) < 0.3
