"""Goals climb a ladder ahead of the count; a count that passes a step is told once, as a draft for staff."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from csan.lib import ladder
from members.models import Message, Post
from petitions import milestones, tasks
from petitions.models import Milestone, Petition, Tally
from tests.members.factories import PostFactory, StaffFactory
from tests.petitions.factories import PetitionFactory, TallyFactory


@pytest.mark.parametrize(
    ("count", "first", "final", "goal"),
    [
        (0, 100, 5000, 100), (99, 100, 5000, 100), (100, 100, 5000, 250), (1234, 100, 5000, 2500),
        (4999, 100, 5000, 5000), (5000, 100, 5000, 10_000), (0, 300, 5000, 300), (300, 300, 5000, 500),
        (2600, 100, 3000, 3000), (3000, 100, 3000, 5000), (1234, None, 5000, 5000), (5001, None, 5000, 10_000),
        (1_000_000, 100, 1_000_000, 2_500_000),
    ],
)  # fmt: skip
def test_the_goal_is_the_next_step_until_the_last_one(count, first, final, goal):
    assert ladder.goal_ahead_of(count, first=first, final=final) == goal


@given(count=st.integers(0, 10**8), first=st.none() | st.integers(1, 10**6), final=st.integers(1, 10**8))
def test_the_goal_is_always_ahead_and_never_falls(count, first, final):
    first = min(first, final) if first else None
    goal = ladder.goal_ahead_of(count, first=first, final=final)
    assert goal > count
    assert goal <= ladder.goal_ahead_of(count + 1, first=first, final=final)
    assert count >= final or goal <= final


def test_the_steps_that_a_count_has_passed():
    assert [ladder.passed(count) for count in (0, 99, 100, 1000)] == [[], [], [100], [100, 250, 500, 1000]]


def test_a_petition_that_has_closed_climbs_no_further(petition):
    petition.closes_at = timezone.now() - timedelta(days=1)
    assert [petition.goal_ahead_of(count) for count in (3, 15_000, 20_000)] == [15_000, 15_000, 20_000]


def test_a_step_is_told_once_in_both_languages_and_staff_get_a_note(petition, django_assert_num_queries):
    staff = StaffFactory()
    StaffFactory(is_superuser=False)  # may not publish
    tally = TallyFactory(petition=petition, count=510)
    for _ in range(2):
        tasks.drain_tallies()
    english, spanish = Post.objects.order_by("pk")
    assert (english.title, english.slug) == ("500 signatures: Save Call Center Jobs", "save-call-center-jobs-500")
    assert (english.language, spanish.language, spanish.slug) == ("en", "es", "save-call-center-jobs-500-es")
    assert {english.status, spanish.status} == {"submitted"}
    assert list(Post.objects.public()) == []
    assert "500 people have signed" in english.body
    assert "/es/petitions/save-call-center-jobs/" in spanish.body
    assert list(petition.milestones.order_by("step").values_list("step", flat=True)) == [100, 250, 500]
    letter = Message.objects.get()
    assert (letter.to, letter.context["subject_line"]) == (staff.email, "500 signatures: Save Call Center Jobs")
    for count in (90, 700):  # it falls and passes the same steps again
        Tally.objects.filter(pk=tally.pk).update(count=count)
        with django_assert_num_queries(1):
            assert milestones.announce() == 0
    Tally.objects.filter(pk=tally.pk).update(count=1000)
    assert (milestones.announce(), Post.objects.count()) == (1, 4)


def test_a_post_that_has_the_address_already_stays_as_it_is(petition):
    PostFactory(slug="save-call-center-jobs-100", title="Ours")
    TallyFactory(petition=petition, count=100)
    assert milestones.announce() == 1
    assert set(Post.objects.values_list("slug", "language")) == {
        ("save-call-center-jobs-100", "en"), ("save-call-center-jobs-100-es", "es"),
    }  # fmt: skip
    assert Post.objects.get(language="en").title == "Ours"


@pytest.mark.django_db(transaction=True)
def test_jobs_at_once_tell_a_step_once(together):
    petition = PetitionFactory()
    TallyFactory(petition=petition, count=5000)
    assert sorted(together(*[milestones.announce] * 6)) == [0, 0, 0, 0, 0, 1]
    assert (Post.objects.count(), Milestone.objects.filter(step=5000).count()) == (2, 1)


def test_a_petition_that_is_not_public_tells_nothing(db):
    tomorrow = PetitionFactory(opens_at=timezone.now() + timedelta(days=1))
    TallyFactory(petition=tomorrow, count=100)
    assert (milestones.announce(), Petition.objects.count()) == (0, 1)
