"""Two at once with one story: real threads, no lock but the database's own."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connections

from members import newsletter, posting, submitting
from members.models import Appearance, Message, Post, Submission
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    StaffFactory,
    SubmissionFactory,
    SubscriptionFactory,
)
from tests.members.sending import send_issue
from tests.members.stories import TYPED, again, approved, as_it_stands, asked, published

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8
REFUSALS = (
    submitting.NotPossibleNow,
    submitting.TextHasChanged,
    posting.NotApproved,
    posting.EditedMeanwhile,
    posting.WrongState,
)


def at_once(*calls: Callable[[], object]) -> list[Exception]:
    """Let all of them go at the same moment; what was refused. Any other failure is raised."""
    start, refused = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait()
            call()
        except Exception as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error for error in refused if not isinstance(error, REFUSALS)] == []
    return refused


def typed() -> dict[str, str]:
    return {name: value for name, value in TYPED.items() if name != "consent"}


def test_the_same_story_sent_by_many_at_once_is_kept_once():
    assert at_once(*[lambda: submitting.submit(**typed(), wording="Yes.", source="/news/submit/")] * 4) == []
    assert Submission.objects.count() == 1


def test_a_button_pressed_by_two_at_once_confirms_once():
    story = SubmissionFactory()
    assert at_once(*[lambda: submitting.confirm(submission=story)] * 3) == []
    assert (Post.objects.count(), Message.objects.count()) == (1, 1)


def test_an_approval_given_by_two_at_once_is_one():
    story = asked()
    seen = story.final_digest
    assert at_once(*[lambda: submitting.approve(submission=story, seen=seen)] * 3) == []
    assert again(story).is_final


def test_an_edit_and_an_approval_at_once_never_leave_words_approved_that_nobody_read():
    by = StaffFactory()
    for _ in range(ROUNDS):
        story = asked()
        seen = story.final_digest
        other = replace(as_it_stands(story), body="Other words.")
        at_once(
            lambda story=story, seen=seen: submitting.approve(submission=story, seen=seen),
            lambda story=story, seen=seen, other=other: posting.edit(submission=story, edited=other, seen=seen, by=by),
        )
        after = again(story)
        assert (after.status, after.post.body, after.approved_digest) == ("submitted", "Other words.", "")


def test_an_edit_and_a_publication_at_once_never_print_other_words():
    by = StaffFactory()
    for _ in range(ROUNDS):
        story = approved()
        words, seen = story.post.body, story.final_digest
        other = replace(as_it_stands(story), body="Other words.")
        at_once(
            lambda story=story: posting.publish(posts=[story.post], by=by),
            lambda story=story, seen=seen, other=other: posting.edit(submission=story, edited=other, seen=seen, by=by),
        )
        after = again(story)
        assert (after.status, after.post.status, after.post.body) in {
            ("published", "published", words),
            ("submitted", "submitted", "Other words."),
        }


def test_a_withdrawal_and_a_publication_at_once_end_in_one_of_the_two():
    by = StaffFactory()
    for _ in range(ROUNDS):
        story = approved()
        at_once(
            lambda story=story: posting.publish(posts=[story.post], by=by),
            lambda story=story: submitting.withdraw(submission=story),
        )
        after = again(story)
        assert (after.status, after.post and after.post.status) in {("published", "published"), ("withdrawn", None)}


def test_authors_told_by_two_workers_at_once_hear_once():
    story = published()
    SubscriptionFactory()
    issue = IssueFactory()
    IssueItemFactory(issue=issue, post=story.post)
    send_issue(issue=issue, by=StaffFactory())
    Message.objects.filter(issue=issue).update(status="skipped", reason="a test", settled_at=story.published_at)
    newsletter.finish_issues()
    assert at_once(*[posting.tell_authors] * 3) == []
    assert (Appearance.objects.count(), Message.objects.filter(template="members/story_went_out").count()) == (1, 1)
