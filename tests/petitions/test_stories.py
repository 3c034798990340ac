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


def shown(petition, **details):
    """Under which name a comment stands once staff show it."""
    row = SignatureFactory(
        petition=petition, given_name="Ana", family_name="Ruiz", comment="Hear us.", state="AZ",
        **{"show_name": True, "zip_code": "85001", **details},
    )  # fmt: skip
    stories.show_stories(signatures=Signature.objects.filter(pk=row.pk), by=StaffFactory())
    return stories.newest(petition, states={"AZ"})[0].name


@pytest.mark.parametrize(
    ("neighbours", "details", "name"),
    [
        (4, {"shown_as": ""}, "Ana R., Arizona"),
        (4, {"shown_as": "city"}, "Ana R., Phoenix, AZ"),
        (3, {"shown_as": "city"}, "Ana R., Arizona"),
        (4, {"shown_as": "city", "zip_code": "00000"}, "Ana R., Arizona"),
        (4, {"shown_as": "city", "show_name": False}, "A signer in Arizona"),
        (4, {"shown_as": "first"}, "Ana"),
        (4, {"shown_as": "first", "show_name": False}, "A signer in Arizona"),
        (4, {"shown_as": "worker"}, "Verified call-center worker, Arizona"),
    ],
)
def test_a_story_is_signed_as_its_signer_chose_and_without_a_city_of_fewer_than_five(
    petition, neighbours, details, name
):
    for zip_code in ["85003", "85004-1234", "85001", "85007"][:neighbours]:
        SignatureFactory(petition=petition, state="AZ", zip_code=zip_code)
    for status in ("pending", "withdrawn", "invalid"):
        SignatureFactory(petition=petition, state="AZ", zip_code="85001", status=status)
    assert shown(petition, **details) == name


@pytest.mark.parametrize("show_name", [True, False])
@pytest.mark.parametrize(
    ("neighbours", "name"),
    [(4, "Verified call-center worker, AZ-03"), (3, "Verified call-center worker, Arizona")],
)
def test_a_worker_without_a_name_has_a_district_only_among_five(petition, neighbours, name, show_name):
    district = {"district": "AZ-03", "district_how": "unique", "district_congress": 119}
    for _ in range(neighbours):
        SignatureFactory(petition=petition, state="AZ", **district)
    assert shown(petition, shown_as="worker", show_name=show_name, **district) == name


def test_another_wish_is_for_staff_to_look_at_again_and_another_place_is_forgotten(petition, story):
    correct(story, shown_as="first")
    assert Signature.objects.get().is_story is False
    Signature.objects.update(shown_as="city", story_shown_at=timezone.now(), story_place="Phoenix, AZ")
    correct(Signature.objects.get(), zip_code="75201", shown_as="city")
    assert [each.name for each in stories.newest(petition, states={"TX"})] == ["Ana R., Texas"]


def test_the_private_page_takes_the_wish(client, petition):
    row = SignatureFactory(petition=petition)
    typed = {"given_name": "Ana", "family_name": "Ruiz", "zip_code": "20001", "show_name": "on"}
    assert client.post(f"/signature/{row.key}/", {**typed, "shown_as": "city"}).status_code == 303
    assert Signature.objects.get().shown_as == "city"
    assert client.post(f"/signature/{row.key}/", {**typed, "shown_as": "loud"}).status_code == 422


def test_a_row_from_before_there_was_a_choice_says_what_it_said(petition):
    row = SignatureFactory.build(
        petition=None, version=None, given_name="Ana", family_name="Ruiz", show_name=True, state="TX"
    )
    assert (row.shown_as, row.story_name(tells_state=True)) == ("", "Ana R., Texas")
