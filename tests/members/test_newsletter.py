"""An issue: rendered once a language, frozen with its readers, sent, paused, resumed, cancelled, finished."""

import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection
from django.utils import timezone

from members import newsletter, outbox, posting, subscriptions
from members.models import (
    Approval,
    Correction,
    Issue,
    IssueItem,
    IssueLink,
    LinkCheck,
    Message,
    Post,
    Rendition,
    Section,
)
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PostFactory,
    SectionFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_reader_gets_one_letter_in_their_language_with_their_own_links(mailbox):
    ada = SubscriptionFactory(person__email="ada@example.org")
    eva = SubscriptionFactory(person__email="eva@example.org", person__language="es")
    SubscriptionFactory(person__email="left@example.org", status="unsubscribed", unsubscribed_at=timezone.now())
    issue = IssueFactory(
        subject="Good jobs", subject_es="Buenos empleos", intro_es="<p>Queridas <strong>amigas</strong></p>"
    )
    send_issue(issue=issue, by=StaffFactory())
    letters = {letter["To"]: letter for letter in mailbox.send_and_read()}
    assert {to: letter["Subject"] for to, letter in letters.items()} == {
        "ada@example.org": "Good jobs",
        "eva@example.org": "Buenos empleos",
    }
    for subscription, prefix in ((ada, ""), (eva, "/es")):
        letter = letters[subscription.person.email]
        leave = f"http://testserver{prefix}/unsubscribe/{subscription.key}/"
        assert letter["List-Unsubscribe"] == f"<{leave}>"
        for kind in ("plain", "html"):
            body = letter.get_body((kind,)).get_content()
            assert leave in body
            assert f"http://testserver{prefix}/newsletter/{issue.number}/" in body
            assert "1 Test Plaza" in body
            assert "CSANhole" not in body


def test_a_bulk_letter_is_correct(mailbox):
    SubscriptionFactory()
    send_issue(issue=IssueFactory(), by=StaffFactory())
    (letter,) = mailbox.send_and_read()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "CSAN newsletter <newsletter.testserver>"
    assert letter["Precedence"] == "bulk"
    assert letter["Message-ID"] == f"<{Message.objects.get().reference}@testserver>"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


def test_posts_stand_in_both_parts(mailbox):
    SubscriptionFactory()
    issue = IssueFactory()
    update = PostFactory(kind="bargaining", title="Seven months in", employer="Example Mobile")
    action = PostFactory(kind="action", title="Call day", starts_at=timezone.now() + timedelta(days=3), place="Toledo")
    for post in (update, action):
        IssueItemFactory(issue=issue, post=post)
    send_issue(issue=issue, by=StaffFactory())
    (letter,) = mailbox.send_and_read()
    link = IssueLink.objects.get(url=f"http://testserver/news/{update.slug}/")
    for kind, address in (("plain", link.url), ("html", f"http://testserver/to/{link.code}/")):
        body = letter.get_body((kind,)).get_content()
        for words in ("Seven months in", "Example Mobile", "Call day", "Toledo", address):
            assert words in body


def test_a_suppressed_reader_is_a_row_with_the_reason_from_the_start():
    reader = SubscriptionFactory()
    SuppressionFactory(email_key=reader.person.email_key, reason="complained")
    issue = send_issue(issue=IssueFactory(), by=StaffFactory())
    letter = Message.objects.get()
    assert (issue.candidates, letter.status, letter.reason) == (1, "skipped", "suppressed: complained")


def test_two_workers_freeze_it_and_it_is_sent_once():
    SubscriptionFactory.create_batch(3)
    issue, staff = IssueFactory(status="scheduled", scheduled_for=timezone.now()), StaffFactory()
    barrier, refused = threading.Barrier(2), []

    def press():
        barrier.wait()
        try:
            newsletter.freeze_issue(issue=Issue.objects.get(pk=issue.pk), by=staff)
        except newsletter.NotScheduled:
            refused.append(1)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Message.objects.count(), Rendition.objects.count()) == (1, 3, 4)


def test_a_long_issue_is_kept_once_and_not_once_a_reader():
    SubscriptionFactory.create_batch(5)
    issue = send_issue(issue=IssueFactory(intro=f"<p>{'Good jobs for all of us. ' * 2500}</p>"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(pg_column_size(members_message.*)) FROM members_message")
        (longest,) = cursor.fetchone()
    assert len(issue.renditions.filter(variant="0", language="en").get().html) > 60_000
    assert longest < 600


def test_words_changed_after_the_freeze_change_nothing_that_goes_out(mailbox):
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(subject="As frozen"), by=StaffFactory())
    Issue.objects.filter(pk=issue.pk).update(subject="As changed")
    (letter,) = mailbox.send_and_read()
    assert letter["Subject"] == "As frozen"


def test_who_subscribes_after_the_freeze_waits_for_the_next(mailbox):
    SubscriptionFactory(person__email="early@example.org")
    send_issue(issue=IssueFactory(), by=StaffFactory())
    SubscriptionFactory(person__email="late@example.org")
    assert [letter["To"] for letter in mailbox.send_and_read()] == ["early@example.org"]


def test_paused_nothing_leaves_and_resumed_everything_does(mailbox):
    SubscriptionFactory.create_batch(3)
    staff = StaffFactory()
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.pause(issue=issue, by=staff)
    assert mailbox.send_and_read() == []
    newsletter.resume(issue=issue, by=staff)
    assert len(mailbox.send_and_read()) == 3


def test_cancelled_the_rest_is_skipped_with_the_reason(mailbox):
    SubscriptionFactory.create_batch(2)
    staff = StaffFactory()
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.cancel(issue=issue, by=staff)
    assert mailbox.send_and_read() == []
    assert set(Message.objects.values_list("status", "reason")) == {("skipped", "the issue was cancelled")}


def test_letters_given_back_after_a_cancel_are_skipped_too():
    SubscriptionFactory()
    staff = StaffFactory()
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.cancel(issue=issue, by=staff)
    Message.objects.update(status="queued", settled_at=None, reason="")
    newsletter.finish_issues()
    assert Message.objects.get().status == "skipped"


@pytest.mark.parametrize("step", [newsletter.pause, newsletter.resume, newsletter.cancel])
def test_a_draft_cannot_be_paused_resumed_or_cancelled(step):
    with pytest.raises(newsletter.WrongState):
        step(issue=IssueFactory(), by=StaffFactory())


def test_an_issue_whose_letters_are_settled_is_sent(mailbox):
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(), by=StaffFactory())
    newsletter.finish_issues()
    issue.refresh_from_db()
    assert issue.status == "sending"
    mailbox.send_and_read()
    newsletter.finish_issues()
    issue.refresh_from_db()
    assert (issue.status, issue.finished_at is not None) == ("sent", True)


def test_an_issue_for_nobody_is_not_frozen():
    issue = IssueFactory()
    with pytest.raises(newsletter.NobodyToSendTo):
        send_issue(issue=issue, by=StaffFactory())
    issue.refresh_from_db()
    assert (issue.status, Rendition.objects.count()) == ("scheduled", 0)


def test_a_link_too_long_for_mail_is_found_before_anybody_gets_it():
    SubscriptionFactory()
    issue = IssueFactory(intro=f'<p><a href="https://example.org/{"x" * 1200}">here</a></p>')
    with pytest.raises(newsletter.Unsendable, match="more than 900 characters"):
        send_issue(issue=issue, by=StaffFactory())
    assert not Message.objects.exists()


def test_an_issue_in_need_of_attention_goes_on_when_one_letter_is_sent_again(mailbox):
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(), by=StaffFactory())
    Message.objects.update(status="uncertain", settled_at=timezone.now(), reason="no answer")
    newsletter.finish_issues()
    outbox.resolve_uncertain(letters=Message.objects.all(), by=StaffFactory(), send_again=True)
    newsletter.finish_issues()
    assert len(mailbox.send_and_read()) == 1
    newsletter.finish_issues()
    issue.refresh_from_db()
    assert issue.status == "sent"


def test_an_issue_whose_last_doubt_is_healed_is_sent():
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(), by=StaffFactory())
    Message.objects.update(status="uncertain", settled_at=timezone.now(), reason="no answer")
    newsletter.finish_issues()
    letter = Message.objects.get()
    outbox.record_event(service="x", kind="delivered", recipient=letter.to, reference=letter.reference)
    newsletter.finish_issues()
    issue.refresh_from_db()
    assert issue.status == "sent"


def test_a_test_goes_to_the_sender_alone_and_marks_nobody(mailbox):
    SubscriptionFactory()
    staff = StaffFactory(username="me@example.org")
    issue = IssueFactory(subject="Good jobs")
    newsletter.send_test(issue=issue, by=staff)
    assert [(letter["To"], letter["Subject"]) for letter in mailbox.send_and_read()] == [
        ("me@example.org", "[Test] Good jobs")
    ]
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_progress_adds_up():
    leaver = SubscriptionFactory()
    SubscriptionFactory.create_batch(2)
    issue = send_issue(issue=IssueFactory(), by=StaffFactory())
    subscriptions.unsubscribe(key=leaver.key)
    before = newsletter.progress(issue)
    outbox.send_waiting()
    after = newsletter.progress(issue)
    assert (before.candidates, before.settled, before.counts) == (3, 0, {"queued": 3})
    assert (after.settled, after.counts, after.seconds_left) == (3, {"accepted": 2, "skipped": 1}, 0)


def test_what_staff_do_is_logged():
    staff = StaffFactory()
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory(), by=staff)
    newsletter.pause(issue=issue, by=staff)
    posting.publish(posts=[PostFactory(status="approved", published_at=None)], by=staff)
    assert list(LogEntry.objects.order_by("pk").values_list("user", "change_message")) == [
        (staff.pk, "Frozen and sent"),
        (staff.pk, "Paused"),
        (staff.pk, "Published"),
    ]


class TestThePublic:
    def test_sees_published_posts_past_their_embargo_only(self, client):
        PostFactory(title="Out now")
        PostFactory(title="Not yet", embargo_until=timezone.now() + timedelta(days=1))
        hidden = PostFactory(title="Never", status="submitted", published_at=None)
        assert list(Post.objects.public().values_list("title", flat=True)) == ["Out now"]
        assert client.get(f"/news/{hidden.slug}/").status_code == 404

    def test_sees_upcoming_actions_soonest_first_and_no_past_ones(self):
        for days, title in ((5, "Later"), (1, "Soon"), (-1, "Past")):
            PostFactory(kind="action", title=title, starts_at=timezone.now() + timedelta(days=days))
        assert list(Post.objects.upcoming().values_list("title", flat=True)) == ["Soon", "Later"]

    def test_finds_issues_that_went_out_in_the_archive_and_the_feed(self, client):
        SubscriptionFactory()
        issue = send_issue(issue=IssueFactory(subject="Good jobs"), by=StaffFactory())
        draft = IssueFactory(subject="Secret draft")
        for address in ("/newsletter/", "/newsletter/feed.xml", f"/newsletter/{issue.number}/"):
            body = client.get(address).content.decode()
            assert "Good jobs" in body
            assert "Secret draft" not in body
        assert client.get(f"/newsletter/{draft.number}/").status_code == 404


class TestConstraints:
    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("members_issue_status", {"status": "lost", "frozen_at": timezone.now()}),
            ("members_issue_frozen", {"status": "sending"}),
            ("members_issue_finished", {"finished_at": timezone.now()}),
            ("members_issue_scheduled", {"status": "scheduled"}),
            ("members_issue_scheduled", {"scheduled_for": timezone.now()}),
            ("members_issue_canary", {"status": "canary", "frozen_at": timezone.now()}),
        ],
    )
    def test_of_an_issue(self, rule, values):
        issue = IssueFactory()
        with pytest.raises(IntegrityError, match=rule):
            Issue.objects.filter(pk=issue.pk).update(**values)

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("members_post_kind", {"kind": "poem"}),
            ("members_post_status", {"status": "lost", "published_at": None}),
            ("members_post_action_starts", {"kind": "action"}),
            ("members_post_action_starts", {"starts_at": timezone.now()}),
            ("members_post_published", {"published_at": None}),
        ],
    )
    def test_of_a_post(self, rule, values):
        post = PostFactory()
        with pytest.raises(IntegrityError, match=rule):
            Post.objects.filter(pk=post.pk).update(**values)

    def test_a_post_stands_in_an_issue_once(self):
        item = IssueItemFactory()
        with pytest.raises(IntegrityError, match="members_issueitem_once"):
            IssueItem.objects.create(issue=item.issue, section=item.section, post=item.post)

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("members_issueitem_post_or_offer", {"offer": "petition:good-jobs"}),
            ("members_issueitem_says_something", {"post": None}),
            ("members_issueitem_audience", {"audience": "friends", "audience_of": "all"}),
            ("members_issueitem_audience_of", {"audience": "state"}),
            ("members_issueitem_audience_of", {"audience_of": "TX"}),
        ],
    )
    def test_of_an_item(self, rule, values):
        item = IssueItemFactory()
        with pytest.raises(IntegrityError, match=rule):
            IssueItem.objects.filter(pk=item.pk).update(**values)

    def test_an_offer_stands_in_an_issue_once(self):
        item = IssueItemFactory(post=None, heading="Sign", offer="petition:good-jobs")
        with pytest.raises(IntegrityError, match="members_issueitem_offer_once"):
            IssueItemFactory(issue=item.issue, post=None, heading="Sign", offer="petition:good-jobs")

    def test_a_section_is_of_a_kind(self):
        section = SectionFactory()
        with pytest.raises(IntegrityError, match="members_section_kind"):
            Section.objects.filter(pk=section.pk).update(kind="poems")

    def test_one_approval_stands(self):
        issue = IssueFactory()
        Approval.objects.create(issue=issue, digest="1", words={})
        with pytest.raises(IntegrityError, match="members_approval_standing"):
            Approval.objects.create(issue=issue, digest="2", words={})

    def test_a_revision_is_corrected_once(self):
        issue = IssueFactory()
        Correction.objects.create(issue=issue, revision=2, note="Toledo, not Cleveland")
        with pytest.raises(IntegrityError, match="members_correction_once"):
            Correction.objects.create(issue=issue, revision=2, note="Again")

    def test_a_link_is_registered_once(self):
        issue = IssueFactory()
        IssueLink.objects.create(issue=issue, code="a", url="https://example.org/")
        with pytest.raises(IntegrityError, match="members_issuelink_once"):
            IssueLink.objects.create(issue=issue, code="b", url="https://example.org/")

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("members_linkcheck_state", {"state": "odd", "checked_at": timezone.now()}),
            ("members_linkcheck_checked", {"state": "fine"}),
        ],
    )
    def test_of_a_link_check(self, rule, values):
        check = LinkCheck.objects.create(url="https://example.org/")
        with pytest.raises(IntegrityError, match=rule):
            LinkCheck.objects.filter(pk=check.pk).update(**values)
