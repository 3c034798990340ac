"""An issue for a million readers: how long freezing takes, and how soon the staff pages answer meanwhile."""

import time
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from csan.supervisor import Supervisor
from members import newsletter, outbox
from members.models import Issue, Message
from tests.bench.figures import Series
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory

LOOKS = 5  # at each page
HOST = "127.0.0.1"
PEOPLE = """
    INSERT INTO members_person (
        email, email_key, given_name, family_name, zip_code, local_as_written, employer, language, created_at,
        email_verified_at
    )
    SELECT 'member' || n || '@example.org', md5('member' || n), '', '', lpad((n %% 90000 + 10000)::text, 5, '0'), '',
           '', CASE n %% 7 WHEN 0 THEN 'es' ELSE 'en' END, now(), now()
    FROM generate_series(1, %s) AS n
"""
SUBSCRIPTIONS = """
    INSERT INTO members_subscription (person_id, status, key, wording, source, asked_at, confirmed_at,
                                      leaving_reason, leaving_words)
    SELECT id, 'active', md5('key' || id), 'yes', '/', now(), now(), '', '' FROM members_person
    ON CONFLICT DO NOTHING
"""
# Every third letter has left, some were refused, some are in doubt, as after a bad night.
SETTLE = """
    UPDATE members_message SET settled_at = now(),
        status = CASE WHEN id %% 300 = 0 THEN 'refused' WHEN id %% 3000 = 3 THEN 'uncertain' ELSE 'accepted' END,
        reason = CASE WHEN id %% 300 = 0 THEN '550 no such user' WHEN id %% 3000 = 3 THEN 'no answer' ELSE '' END
    WHERE issue_id = %s AND id %% %s = 0 AND status = 'queued'
"""


def measure_million(supervisor: Supervisor, readers: int) -> dict[str, Any]:
    """Seconds of freezing, and milliseconds of each page by the state of the issue; shown as they come."""
    fill(readers)
    issue = IssueFactory(status=Issue.Status.SCHEDULED, scheduled_for=timezone.now())
    for _ in range(6):
        IssueItemFactory(issue=issue, post=PostFactory())
    IssueItemFactory(issue=issue, post=None, heading="In Texas", audience="state", audience_of="TX")
    begins = time.monotonic()
    newsletter.freeze_issue(issue=issue)
    told: dict[str, Any] = {"readers": readers, "freezing_s": round(time.monotonic() - begins, 1)}
    print(f"\n{readers:,} readers frozen in {told['freezing_s']} s")
    client = Client(headers={"host": HOST})
    client.force_login(StaffFactory())
    for state, share in (("first letters", 0), ("sending", 3), ("sent", 1)):
        supervisor.check()
        if share:
            settle(issue, share, state)
        told[state] = {name: look(client, address) for name, address in pages(issue).items()}
        for name, series in told[state].items():
            print(f"{state}: {name} {series.told()} ms")
            told[state][name] = series.as_json()
    return told


def fill(readers: int) -> None:
    """Many people who want the newsletter."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [readers])
        cursor.execute(SUBSCRIPTIONS)
        cursor.execute("ANALYZE members_person")
        cursor.execute("ANALYZE members_subscription")


def settle(issue: Issue, share: int, state: str) -> None:
    """Bring the issue into a state, one letter in `share` settled."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [issue.pk, share])
        cursor.execute("ANALYZE members_message")
    outbox.sum_up()
    if state == "sending":
        Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.SENDING, canary_until=None)
    else:
        Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.ATTENTION, finished_at=timezone.now())


def pages(issue: Issue) -> dict[str, str]:
    """What staff look at."""
    letters = f"/admin/members/message/?issue__id__exact={issue.pk}"
    return {
        "the issue": f"/admin/members/issue/{issue.pk}/sending/",
        "its progress": f"/admin/members/issue/{issue.pk}/progress.json",
        "the issues": "/admin/members/issue/",
        "its letters": letters,
        "its letters that wait": f"{letters}&status__exact={Message.Status.QUEUED}",
        "its letters refused": f"{letters}&status__exact={Message.Status.REFUSED}",
        "one reader's letters": f"{letters}&q=member999999@example.org",
    }


def look(client: Client, address: str) -> Series:
    """Milliseconds of several looks, the first not counted."""
    took = []
    for _ in range(LOOKS + 1):
        begins = time.monotonic()
        answer = client.get(address)
        took.append((time.monotonic() - begins) * 1000)
        assert answer.status_code == 200, address
    return Series(took[1:])
