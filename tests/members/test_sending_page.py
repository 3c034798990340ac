"""The page on which an issue is checked, approved, sent, watched, proved and corrected."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from members import newsletter
from members.models import Issue, Message
from tests.members.factories import IssueFactory, StaffFactory, SubscriptionFactory, SuppressionFactory
from tests.members.sending import approved_issue, ready_issue, scheduled_issue, send_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = StaffFactory(username="staff@example.org")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def reader():
    return SubscriptionFactory()


def page_of(issue):
    return f"/admin/members/issue/{issue.pk}/sending/"


def press(client, issue, do, **more):
    """The page after a button was pressed, as text."""
    return client.post(page_of(issue), {"do": do, **more}, follow=True).content.decode()


def write(client, issue, **words):
    """Edit what opens the issue, in the composer."""
    issue.refresh_from_db()
    form = {"version": issue.version, "subject": issue.subject, "intro": issue.intro, "subject_es": "", "intro_es": ""}
    client.post(f"/admin/members/issue/{issue.pk}/compose/words/", {**form, **words})


def test_the_page_changes_nothing_by_itself(client, staff):
    issue = IssueFactory()
    assert client.get(page_of(issue)).status_code == 200
    issue.refresh_from_db()
    assert (issue.status, Message.objects.count()) == ("draft", 0)


def test_a_test_goes_to_the_one_who_asks(client, staff, mailbox):
    press(client, IssueFactory(), "test", language="es")
    assert [letter["To"] for letter in mailbox.send_and_read()] == ["staff@example.org"]


def test_the_whole_way_from_draft_to_proof(client, staff, mailbox):
    issue, colleague = ready_issue(), StaffFactory()
    assert "got a letter" in press(client, issue, "ask")
    assert "a colleague has to approve it" in client.get(page_of(issue)).content.decode()
    client.force_login(colleague)
    assert "Approved. It can now be scheduled." in press(
        client, issue, "approve", digest=newsletter.digest_of(Issue.objects.get())
    )
    client.force_login(staff)
    assert "Until then you can stop it." in press(client, issue, "send")
    assert "It goes out" in client.get(page_of(issue)).content.decode()
    assert "Nobody got it." in press(client, issue, "stop")
    press(client, issue, "send")
    Issue.objects.update(scheduled_for=timezone.now())
    newsletter.send_due()
    for do, status in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        press(client, issue, do)
        issue.refresh_from_db()
        assert issue.status == status
    words = [
        "Asked for a review", "Approved", "Stopped before it left", "Paused", "Resumed", "Cancelled"
    ]  # fmt: skip
    logged = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert [each for each in logged if each in words] == words


def test_who_may_not_approve_cannot(client):
    user = StaffFactory(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_issue", "change_issue"]))
    client.force_login(user)
    issue = ready_issue()
    newsletter.request_review(issue=issue, by=StaffFactory())
    page = client.get(page_of(issue)).content.decode()
    assert 'value="approve"' not in page
    assert "You may not approve issues" in press(client, issue, "approve", digest=newsletter.digest_of(issue))
    issue.refresh_from_db()
    assert issue.status == "review"


def test_nobody_approves_their_own(client, staff):
    issue = ready_issue()
    press(client, issue, "ask")
    assert "a colleague has to approve it" in press(client, issue, "approve", digest=newsletter.digest_of(issue))
    issue.refresh_from_db()
    assert issue.status == "review"


def test_changed_while_somebody_read_it_is_read_again(client, staff):
    issue = ready_issue()
    newsletter.request_review(issue=issue, by=StaffFactory())
    assert "look at it again" in press(client, issue, "approve", digest="0" * 64)


def test_a_time_that_has_passed_or_does_not_exist_is_refused(client, staff):
    issue = approved_issue()
    assert "This time has passed." in press(client, issue, "schedule", at="2020-01-01T10:00")
    assert "Choose a day and a time." in press(client, issue, "schedule", at="")
    year = timezone.localdate().year + 1
    march = next(day for day in range(8, 15) if timezone.datetime(year, 3, day).weekday() == 6)
    page = press(client, issue, "schedule", at=f"{year}-03-{march:02}T02:30")
    assert "Until then you can stop it." not in page
    assert "couldn’t be interpreted in time zone" in page.replace("&#x27;", "’").replace("'", "’")
    issue.refresh_from_db()
    assert issue.status == "approved"


def test_a_time_is_taken_in_the_unions_time_zone(client, staff):
    issue = approved_issue()
    day = timezone.localdate() + timedelta(days=3)
    press(client, issue, "schedule", at=f"{day}T09:15")
    issue.refresh_from_db()
    assert timezone.localtime(issue.scheduled_for).strftime("%Y-%m-%d %H:%M") == f"{day} 09:15"


def test_pressing_send_twice_says_so(client, staff):
    issue = approved_issue()
    press(client, issue, "send")
    assert "not possible any more" in press(client, issue, "send")


def test_sent_back_it_is_a_draft_again(client, staff):
    issue = approved_issue()
    press(client, issue, "send-back", words="The city is wrong.")
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_an_edit_in_the_composer_withdraws_the_approval(client, staff):
    issue = scheduled_issue()
    write(client, issue, subject="Other words")
    issue.refresh_from_db()
    assert (issue.subject, issue.status, issue.scheduled_for) == ("Other words", "draft", None)


def test_progress_is_counted_from_the_letters(client, staff):
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(), by=staff)
    Message.objects.filter(pk=Message.objects.first().pk).update(status="accepted", settled_at=timezone.now())
    report = client.get(f"/admin/members/issue/{issue.pk}/progress.json").json()
    counts = {row["status"]: row["count"] for row in report["counts"]}
    assert (report["candidates"], report["settled"], counts["accepted"], counts["queued"]) == (2, 1, 1, 1)


def test_letters_in_doubt_are_settled_one_by_one_or_all(client, staff):
    SubscriptionFactory.create_batch(2)
    issue = send_issue(issue=IssueFactory(), by=staff)
    Message.objects.update(status="uncertain", settled_at=timezone.now(), reason="no answer")
    newsletter.finish_issues()
    first = Message.objects.earliest("pk")
    page = client.get(page_of(issue)).content.decode()
    assert page.count('name="letter"') == 3
    press(client, issue, "take-as-sent", letter=first.pk)
    assert Message.objects.filter(status="uncertain").count() == 2
    press(client, issue, "take-as-sent")
    assert set(Message.objects.values_list("status", flat=True)) == {"accepted"}


def test_did_she_get_it_is_asked_without_her_address_in_the_url(client, staff, reader):
    issue = send_issue(issue=IssueFactory(), by=staff)
    answer = client.post(page_of(issue), {"do": "look", "who": reader.person.email})
    assert answer.status_code == 200
    assert "Not yet: it waits for its turn." in answer.content.decode()


def test_the_reasons_and_the_missed_are_on_the_page(client, staff):
    gone = SubscriptionFactory()
    SuppressionFactory(email_key=gone.person.email_key, reason="complained")
    issue = send_issue(issue=IssueFactory(), by=staff)
    Message.objects.filter(status="queued").update(status="accepted", settled_at=timezone.now())
    newsletter.finish_issues()
    SubscriptionFactory()
    page = client.get(page_of(issue)).content.decode()
    assert "suppressed: complained" in page
    assert "1 joined after the issue was frozen" in page
    assert "on its way to 1 people" in press(client, issue, "send-to-missed")


def test_a_frozen_issue_is_edited_as_a_correction_and_never_deleted(client, staff):
    issue = send_issue(issue=IssueFactory(number=4, subject="As frozen"), by=staff)
    write(client, issue, subject="As corrected")
    client.post(f"/admin/members/issue/{issue.pk}/change/", {"number": 9, "due_on": ""})
    client.post(f"/admin/members/issue/{issue.pk}/delete/", {"post": "yes"})
    issue.refresh_from_db()
    assert (issue.number, issue.subject) == (4, "As corrected")
    assert "As frozen" in client.get("/newsletter/4/").content.decode()
    assert "Nobody sees that yet." in client.get(page_of(issue)).content.decode()
    assert "readers of the archive see it" in press(client, issue, "correct", note="")
    assert "Corrected in the archive, and in 1 letters" in press(client, issue, "correct", note="The title.")
    assert "As corrected" in client.get("/newsletter/4/").content.decode()


def test_a_cancelled_issue_is_not_corrected(client, staff):
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.cancel(issue=issue, by=staff)
    Issue.objects.update(subject="Changed")
    assert "not possible any more" in press(client, issue, "correct", note="x")


def test_why_it_stopped_by_itself_stands_on_the_page(client, staff):
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.pause(issue=issue, by=None, reason="5 of 200 letters bounced.")
    assert "5 of 200 letters bounced." in client.get(page_of(issue)).content.decode()


def test_an_unknown_button_does_nothing(client, staff):
    issue = IssueFactory()
    press(client, issue, "explode")
    issue.refresh_from_db()
    assert issue.status == "draft"
