"""Comments on the petition's page: staff choose which, signers whether with a name; both may change their mind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions import signing, stories
from petitions.models import Signature
from tests.members.factories import StaffFactory
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(petition):
    """A comment that staff show."""
    row = SignatureFactory(petition=petition, comment="Hear us.", show_name=True, given_name="Ana", family_name="Ruiz")
    stories.show_stories(signatures=Signature.objects.all(), by=StaffFactory())
    row.refresh_from_db()
    return row


def correct(row, **changes):
    names = ("given_name", "family_name", "zip_code", "local", "comment", "show_name")
    return signing.correct_signature(signature=row, **{**{name: getattr(row, name) for name in names}, **changes})


@pytest.mark.parametrize(
    ("show_name", "state", "tells_state", "name"),
    [
        (True, "TX", True, "Ana R., Texas"),
        (True, "TX", False, "Ana R."),
        (True, "", True, "Ana R."),
        (False, "TX", True, "A signer in Texas"),
        (False, "TX", False, "A signer"),
        (False, "", True, "A signer"),
    ],
)
def test_a_story_has_the_name_that_its_signer_allows(show_name, state, tells_state, name):
    row = SignatureFactory.build(
        petition=None, version=None, given_name="Ana", family_name="Ruiz", show_name=show_name, state=state
    )
    assert row.story_name(tells_state=tells_state) == name


def test_a_shown_comment_is_a_story(story):
    assert (list(Signature.objects.stories()), story.is_story) == ([story], True)


def test_new_words_are_for_staff_to_read_again(story):
    correct(story, comment="Something else.")
    assert (list(Signature.objects.stories()), Signature.objects.get().is_story) == ([], False)


@pytest.mark.parametrize("change", [{"given_name": "Rude words"}, {"family_name": "Xu"}])
def test_so_is_a_new_name_that_would_stand_under_them(story, change):
    correct(story, **change)
    assert list(Signature.objects.stories()) == []


def test_a_name_that_staff_have_never_seen_there_is_for_them_to_read_first(story):
    correct(story, show_name=False)
    correct(story, given_name="Rude words")
    assert [each.name for each in stories.newest(story.petition, states=())] == ["A signer"]
    correct(story, show_name=True)
    assert list(Signature.objects.stories()) == []


def test_a_name_of_the_same_look_leaves_it(story):
    correct(story, family_name="Rivera")
    assert [each.name for each in stories.newest(story.petition, states=())] == ["Ana R."]


def test_other_corrections_leave_it_and_change_what_it_says_of_the_signer(story):
    corrected = correct(story, show_name=False, zip_code="75201", local="CWA Local 6215")
    assert [each.name for each in stories.newest(story.petition, states={"TX"})] == ["A signer in Texas"]
    assert corrected.story_shown_at == story.story_shown_at


def test_what_is_withdrawn_or_set_aside_is_no_story_and_does_not_become_one_again(story, petition):
    staff, everyone = StaffFactory(), Signature.objects.all()
    signing.invalidate_signatures(signatures=everyone, by=staff)
    assert list(Signature.objects.stories()) == []
    signing.reinstate_signatures(signatures=everyone, by=staff)
    assert list(Signature.objects.stories()) == []
    stories.show_stories(signatures=everyone, by=staff)
    signing.withdraw_signature(signature=story)
    assert (list(Signature.objects.stories()), story.is_story) == ([], False)
    signing.sign(petition=petition, email=story.email, given_name="A", family_name="R", zip_code="1", comment="New.")
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    assert list(Signature.objects.stories()) == []


def test_the_newest_six_are_on_the_page(petition):
    now = timezone.now()
    rows = [
        SignatureFactory(petition=petition, comment=f"{n}", story_shown_at=now - timedelta(hours=n)) for n in range(8)
    ]
    SignatureFactory(comment="Of another petition.", story_shown_at=now)
    assert [each.comment for each in stories.newest(petition, states=())] == [row.comment for row in rows[:6]]
