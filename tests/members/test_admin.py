"""Staff: what they see and press; each act by the same functions as the site, each in the log."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.utils import timezone

from members.models import Message, Post, Suppression
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    MailDomainFactory,
    MessageFactory,
    PersonFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client):
    user = StaffFactory(username="staff@example.org")
    client.force_login(user)
    return user


def test_preview_shows_every_language_and_the_plain_text(client, staff):
    item = IssueItemFactory(post__title="Seven months in", issue__subject_es="Siete meses")
    for query, subject in (("", "Good jobs, and other news"), ("?language=es", "Siete meses")):
        page = client.get(f"/admin/members/issue/{item.issue.pk}/preview/{query}").content.decode()
        assert subject in page
        assert "CSANhole" not in page
    frame = client.get(f"/admin/members/issue/{item.issue.pk}/rendition/es/")
    assert "Seven months in" in frame.content.decode()
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


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
        ("maildomain", MailDomainFactory),
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


@pytest.mark.parametrize("status", ["queued", "accepted"])
def test_an_issues_letters_of_one_state_are_read_by_an_index(client, staff, status):
    SubscriptionFactory.create_batch(3)
    issue = send_issue(issue=IssueFactory(), by=staff)
    if status == "accepted":
        Message.objects.update(status="accepted", settled_at=timezone.now())
    page = client.get(f"/admin/members/message/?issue__id__exact={issue.pk}&status__exact={status}")
    letters = page.context["cl"].queryset
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # what three rows are read by is not what millions are
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = letters[:50].explain()
    assert len(page.context["cl"].result_list) == 3
    assert "members_message_queued" in plan or "members_message_progress" in plan
