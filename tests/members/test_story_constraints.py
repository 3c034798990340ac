"""What the database refuses of a member's story, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Appearance, Submission
from tests.members.factories import IssueFactory, PostFactory, SubmissionFactory
from tests.members.stories import approved, asked, published

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("confirmed", {"confirmed_at": NOW}),
        ("confirmed", {"status": "withdrawn", "withdrawn_at": NOW}),
        ("post", {"status": "submitted", "confirmed_at": NOW}),
        ("published", {"published_at": NOW}),
        ("withdrawn", {"withdrawn_at": NOW}),
        ("declined", {"declined_at": NOW}),
        ("approved", {"approved_at": NOW}),
        ("approved", {"approved_digest": "x"}),
        ("wording", {"wording": ""}),
        ("photo", {"photo_wording": "All agree."}),
        ("email_lower", {"email": "Ruth@example.org"}),
        ("language", {"language": "fr"}),
    ],
)
def test_what_the_database_refuses_whoever_asks(name, values):
    with pytest.raises(IntegrityError, match=f"members_submission_{name}"), transaction.atomic():
        SubmissionFactory(**values)


@pytest.mark.parametrize(
    ("name", "make", "values"),
    [
        ("status", asked, {"status": "lost"}),
        ("asked", asked, {"asked_at": None}),
        ("asked", asked, {"times_asked": 0}),
        ("words", asked, {"status": "changes"}),
        ("approved", approved, {"approved_at": None}),
        ("approved", approved, {"approved_digest": ""}),
        ("published", approved, {"status": "published"}),
        ("post", published, {"post": None}),
    ],
)
def test_no_step_is_left_out(name, make, values):
    story = make()
    with pytest.raises(IntegrityError, match=f"members_submission_{name}"), transaction.atomic():
        Submission.objects.filter(pk=story.pk).update(**values)


def test_a_story_lives_once_and_appears_once_in_an_issue():
    story = published()
    SubmissionFactory(fingerprint="f" * 64)
    with pytest.raises(IntegrityError, match="members_submission_once"), transaction.atomic():
        SubmissionFactory(fingerprint="f" * 64)
    issue = IssueFactory()
    Appearance.objects.create(submission=story, issue=issue, readers=1)
    with pytest.raises(IntegrityError, match="members_appearance_once"), transaction.atomic():
        Appearance.objects.create(submission=story, issue=issue, readers=1)


def test_no_post_hides_the_form():
    with pytest.raises(IntegrityError, match="members_post_slug_is_free"):
        PostFactory(slug="submit")
