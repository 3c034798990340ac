"""Staff: what they see and press; each act by the same functions as the site, each in the log."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from members import newsletter
from members.models import Issue, Message, Post, Suppression
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    MessageFactory,
    PersonFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client):
    user = StaffFactory(username="staff@example.org")
    client.force_login(user)
    return user


def sending(client, issue, do, **more):
    return client.post(f"/admin/members/issue/{issue.pk}/sending/", {"do": do, **more}, follow=True)


def test_an_issue_is_written_with_its_posts(client, staff):
    post = PostFactory()
    form = client.get("/admin/members/issue/add/")
    assert 'value="1"' in form.content.decode()
    client.post(
        "/admin/members/issue/add/",
        {
            "number": 1, "subject": "Good jobs", "intro": "Hello", "subject_es": "", "intro_es": "",
            "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-post": post.pk, "items-0-position": 0,
        },
    )  # fmt: skip
    assert list(Issue.objects.values_list("number", "subject", "items__post")) == [(1, "Good jobs", post.pk)]


def test_only_public_posts_can_be_chosen(client, staff):
    PostFactory(title="Out now")
    PostFactory(title="Still waiting", status="submitted", published_at=None)
    page = client.get("/admin/members/issue/add/").content.decode()
    assert "Out now" in page
    assert "Still waiting" not in page


def test_the_sending_page_changes_nothing_by_itself(client, staff):
    issue = IssueFactory()
    SubscriptionFactory()
    assert client.get(f"/admin/members/issue/{issue.pk}/sending/").status_code == 200
    issue.refresh_from_db()
    assert (issue.status, Message.objects.count()) == ("draft", 0)


def test_preview_shows_every_language_and_the_plain_text(client, staff):
    item = IssueItemFactory(post__title="Seven months in", issue__subject_es="Siete meses")
    page = client.get(f"/admin/members/issue/{item.issue.pk}/preview/").content.decode()
    assert "Siete meses" in page
    assert "CSANhole" not in page
    frame = client.get(f"/admin/members/issue/{item.issue.pk}/rendition/es/")
    assert "Seven months in" in frame.content.decode()
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_a_test_goes_to_the_one_who_asks(client, staff, mailbox):
    sending(client, IssueFactory(), "test", language="es")
    assert [letter["To"] for letter in mailbox.send_and_read()] == ["staff@example.org"]


def test_send_pause_resume_cancel(client, staff):
    SubscriptionFactory()
    issue = IssueFactory()
    for do, status in (("send", "sending"), ("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        assert sending(client, issue, do).status_code == 200
        issue.refresh_from_db()
        assert issue.status == status
    assert list(LogEntry.objects.order_by("pk").values_list("user", "change_message")) == [
        (staff.pk, words) for words in ("Frozen and sent", "Paused", "Resumed", "Cancelled")
    ]


def test_pressing_send_twice_says_so_and_sends_once(client, staff):
    SubscriptionFactory()
    issue = IssueFactory()
    sending(client, issue, "send")
    assert "sent already" in sending(client, issue, "send").content.decode()
    assert Message.objects.count() == 1


def test_pausing_what_is_over_says_so(client, staff):
    issue = IssueFactory()
    assert "not possible any more" in sending(client, issue, "pause").content.decode()


def test_progress_is_counted_from_the_letters(client, staff):
    SubscriptionFactory.create_batch(2)
    issue = newsletter.send_issue(issue=IssueFactory(), by=staff)
    Message.objects.filter(pk=Message.objects.first().pk).update(status="accepted", settled_at=timezone.now())
    report = client.get(f"/admin/members/issue/{issue.pk}/progress.json").json()
    counts = {row["status"]: row["count"] for row in report["counts"]}
    assert (report["candidates"], report["settled"], counts["accepted"], counts["queued"]) == (2, 1, 1, 1)


def test_letters_in_doubt_are_settled_from_the_issue(client, staff):
    SubscriptionFactory.create_batch(2)
    issue = newsletter.send_issue(issue=IssueFactory(), by=staff)
    Message.objects.update(status="uncertain", settled_at=timezone.now(), reason="no answer")
    newsletter.finish_issues()
    sending(client, issue, "take-as-sent")
    assert set(Message.objects.values_list("status", flat=True)) == {"accepted"}


def test_a_frozen_issue_cannot_be_edited_or_deleted(client, staff):
    SubscriptionFactory()
    issue = newsletter.send_issue(issue=IssueFactory(subject="As frozen"), by=staff)
    client.post(f"/admin/members/issue/{issue.pk}/change/", {"number": 9, "subject": "Changed", "intro": "x"})
    client.post(f"/admin/members/issue/{issue.pk}/delete/", {"post": "yes"})
    assert Issue.objects.get().subject == "As frozen"


def test_posts_are_published_by_an_action(client, staff):
    post = PostFactory(status="submitted", published_at=None)
    client.post("/admin/members/post/", {"action": "publish", "_selected_action": [post.pk]})
    assert Post.objects.get().status == "published"
    assert LogEntry.objects.get().change_message == "Published"


def test_uncertain_letters_are_settled_by_an_action_and_no_others(client, staff):
    doubtful = MessageFactory(status="uncertain", settled_at=timezone.now(), reason="no answer")
    waiting = MessageFactory()
    client.post("/admin/members/message/", {"action": "send_again", "_selected_action": [doubtful.pk, waiting.pk]})
    doubtful.refresh_from_db()
    assert (doubtful.status, doubtful.reason) == ("queued", "sent again by staff after doubt")
    assert LogEntry.objects.count() == 1


def test_the_list_of_subscriptions_leads_to_the_page_that_makes_a_file(client, staff):
    page = client.get("/admin/members/subscription/export/")
    assert (page.status_code, page["Location"]) == (303, "/admin/members/subscriberexport/add/")


def test_a_suppression_is_found_by_the_address_it_stands_for(client, staff):
    person = PersonFactory(email="ada@example.org")
    SuppressionFactory(email_key=person.email_key)
    SuppressionFactory(email_key="0" * 32)
    page = client.get("/admin/members/suppression/?q=Ada@example.org").content.decode()
    assert person.email_key in page
    assert "0" * 32 not in page


@pytest.mark.parametrize("model", ["message", "mailevent", "subscription", "suppression"])
def test_what_the_program_writes_is_not_edited_by_hand(client, staff, model):
    assert client.get(f"/admin/members/{model}/add/").status_code == 403


@pytest.mark.parametrize(
    ("model", "make"),
    [
        ("issue", IssueFactory),
        ("post", PostFactory),
        ("person", PersonFactory),
        ("subscription", SubscriptionFactory),
        ("local", LocalFactory),
        ("message", MessageFactory),
        ("suppression", SuppressionFactory),
    ],
)
def test_a_list_asks_the_database_the_same_for_one_row_and_for_three(
    client, staff, model, make, django_assert_num_queries, django_assert_max_num_queries
):
    address = f"/admin/members/{model}/"
    make()
    client.get(address)
    with django_assert_max_num_queries(12) as first:
        client.get(address)
    make.create_batch(2)
    with django_assert_num_queries(len(first)):
        assert client.get(address).status_code == 200


def test_an_issue_for_nobody_is_refused_with_a_reason(client, staff):
    issue = IssueFactory()
    assert "Nobody is subscribed yet" in sending(client, issue, "send").content.decode()
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_a_suppression_is_lifted_by_staff_and_logged(client, staff):
    row = SuppressionFactory()
    client.post("/admin/members/suppression/", {"action": "lift", "_selected_action": [row.pk]})
    assert not Suppression.objects.exists()
    assert LogEntry.objects.get().change_message == "Lifted"


def test_staff_who_may_not_see_issues_see_none_of_their_pages(client):
    client.force_login(StaffFactory(is_superuser=False))
    issue = IssueFactory()
    pages = ("sending/", "preview/", "rendition/en/", "progress.json")
    assert [client.get(f"/admin/members/issue/{issue.pk}/{page}").status_code for page in pages] == [403] * 4
    assert client.post(f"/admin/members/issue/{issue.pk}/sending/", {"do": "send"}).status_code == 403


def test_private_links_are_not_shown_to_staff(client, staff):
    letter = MessageFactory(context={"confirm_url": "https://csan.example/signature/secret/confirm/"})
    assert "secret" not in client.get(f"/admin/members/message/{letter.pk}/change/").content.decode()


def test_the_staff_site_is_ours_and_has_a_content_policy(client, staff):
    page = client.get("/admin/")
    assert "Today" in page.content.decode()
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


def test_without_a_login_there_is_only_the_login(client):
    issue = IssueFactory()
    for address in (
        "/admin/",
        f"/admin/members/issue/{issue.pk}/sending/",
        f"/admin/members/issue/{issue.pk}/progress.json",
    ):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
