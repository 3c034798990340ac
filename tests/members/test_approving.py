"""A second pair of eyes: who may approve, what they see, and what takes it back."""

import pytest
from django.contrib.admin.models import LogEntry

from members import newsletter
from members.models import Approval, Issue, Message
from members.newsletter.approving import Line, difference
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import approved_issue, looked_at, ready_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reader():
    SubscriptionFactory()


def in_review(**values):
    issue = ready_issue(**values)
    editor = StaffFactory()
    newsletter.request_review(issue=issue, by=editor)
    issue.refresh_from_db()
    return issue, editor


def test_a_colleague_approves_and_the_editor_is_told():
    issue, editor = in_review()
    colleague = StaffFactory()
    newsletter.approve(issue=issue, by=colleague, digest=newsletter.digest_of(issue))
    issue.refresh_from_db()
    letter = Message.objects.get(key__contains=":approved:")
    assert (issue.status, letter.to) == ("approved", editor.email)
    assert list(LogEntry.objects.order_by("pk").values_list("user", "change_message"))[-2:] == [
        (editor.pk, "Asked for a review"),
        (colleague.pk, "Approved"),
    ]


def test_who_may_approve_gets_a_letter_and_nobody_else():
    StaffFactory(is_superuser=False)
    StaffFactory(is_active=False)
    boss = StaffFactory(email="boss@example.org")
    issue, editor = ready_issue(), StaffFactory()
    expected = set(newsletter.approving.approvers().exclude(pk=editor.pk).values_list("email", flat=True))
    count = newsletter.request_review(issue=issue, by=editor)
    told = set(Message.objects.filter(key__contains=":review:").values_list("to", flat=True))
    assert (count, told) == (len(expected), expected)
    assert boss.email in told
    assert editor.email not in told


def test_nobody_approves_their_own_request():
    issue, editor = in_review()
    with pytest.raises(newsletter.SamePerson):
        newsletter.approve(issue=issue, by=editor, digest=newsletter.digest_of(issue))
    issue.refresh_from_db()
    assert (issue.status, Approval.objects.count()) == ("review", 0)


def test_what_was_changed_while_somebody_read_is_not_approved():
    issue, _ = in_review()
    seen = newsletter.digest_of(issue)
    Issue.objects.filter(pk=issue.pk).update(subject="Something else")
    with pytest.raises(newsletter.ChangedMeanwhile):
        newsletter.approve(issue=issue, by=StaffFactory(), digest=seen)


def test_a_draft_cannot_be_approved_and_nothing_is_approved_twice():
    draft = IssueFactory()
    with pytest.raises(newsletter.WrongState):
        newsletter.approve(issue=draft, by=StaffFactory(), digest=newsletter.digest_of(draft))
    issue = approved_issue()
    with pytest.raises(newsletter.WrongState):
        newsletter.approve(issue=issue, by=StaffFactory(), digest=newsletter.digest_of(issue))
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("status", ["review", "approved", "scheduled"])
def test_an_edit_withdraws_the_approval(status):
    issue = approved_issue()
    if status == "scheduled":
        newsletter.schedule(issue=issue, by=StaffFactory())
    Issue.objects.filter(pk=issue.pk).exclude(status="scheduled").update(status=status)
    newsletter.touched(issue=issue, by=StaffFactory())
    issue.refresh_from_db()
    assert (issue.status, issue.scheduled_for, newsletter.approval_of(issue)) == ("draft", None, None)


def test_an_edit_of_a_draft_is_nothing_to_speak_of():
    issue, before = IssueFactory(), LogEntry.objects.count()
    newsletter.touched(issue=issue, by=StaffFactory())
    assert LogEntry.objects.count() == before


def test_sent_back_with_words_the_editor_gets_them(mailbox):
    issue, editor = in_review()
    newsletter.send_back(issue=issue, by=StaffFactory(), words="The rally is in Toledo.")
    issue.refresh_from_db()
    letters = {letter["To"]: letter.get_content() for letter in plain(mailbox)}
    assert issue.status == "draft"
    assert "The rally is in Toledo." in letters[editor.email]


def test_sent_back_twice_within_minutes_the_editor_gets_both_words():
    issue, editor = in_review()
    for words in ("The rally is in Toledo.", "And on March 3."):
        Issue.objects.filter(pk=issue.pk).update(status="review")
        newsletter.send_back(issue=issue, by=StaffFactory(), words=words)
    told = Message.objects.filter(key__contains=":back:", to=editor.email).order_by("pk")
    assert [letter.context["sentences"][1] for letter in told] == ["The rally is in Toledo.", "And on March 3."]


def plain(mailbox):
    found = [letter for letter in mailbox.send_and_read() if letter["Subject"].startswith("Not approved yet")]
    for letter in found:
        letter.get_content = letter.get_body(("plain",)).get_content
    return found


def test_an_approver_sees_what_changed_since_their_own_last_approval():
    issue = approved_issue(intro="<p>First line.</p><p>Second line.</p>")
    approver = newsletter.approval_of(issue).by
    Issue.objects.filter(pk=issue.pk).update(intro="<p>First line.</p><p>Second line, mended.</p>")
    issue.refresh_from_db()
    newsletter.touched(issue=issue, by=StaffFactory())
    changes = newsletter.changes_since(looked_at(issue), approver)
    assert [line for line in changes["en"] if line.kind in ("added", "removed")] == [
        Line("removed", "Second line."),
        Line("added", "Second line, mended."),
    ]
    assert changes["es"] == []


def test_an_issue_that_nobody_ever_approved_has_no_difference():
    assert newsletter.changes_since(IssueFactory()) == {}


def test_a_difference_leaves_out_what_is_far_from_it():
    before = [f"line {number}" for number in range(40)]
    after = [*before[:5], "new", *before[5:30], *before[31:]]
    lines = difference("\n".join(before), "\n".join(after))
    assert [line.words for line in lines if line.kind != "kept"] == ["new", "…", "line 30"]


def test_the_digest_tells_every_word_and_every_audience_apart():
    issue = IssueFactory()
    item = IssueItemFactory(issue=issue, post=PostFactory(summary="Short."))
    digests = [newsletter.digest_of(issue)]
    item.post.summary = "Longer."
    item.post.save()
    digests.append(newsletter.digest_of(issue))
    item.audience, item.audience_of = "state", "TX"
    item.save()
    digests.append(newsletter.digest_of(issue))
    Issue.objects.filter(pk=issue.pk).update(intro_es="<p>Hola</p>")
    issue.refresh_from_db()
    digests.append(newsletter.digest_of(issue))
    assert len(set(digests)) == 4
    assert newsletter.digest_of(issue) == digests[-1]
