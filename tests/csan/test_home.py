"""The home page's content: what is happening, with dates and numbers, in few questions to the database."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from csan import sample
from members.issue_days import next_issue_on
from members.models import Post
from petitions.models import Petition, PetitionVersion
from tests.campaigns.factories import CampaignFactory, WeekFactory, day
from tests.members.factories import IssueFactory, PictureFactory, PostFactory

pytestmark = pytest.mark.django_db


def petition() -> Petition:
    made = Petition.objects.create(slug="save-call-center-jobs", goal=5000)
    PetitionVersion.objects.create(
        petition=made, number=1, title="Save jobs", ask="Pass.", published_at=timezone.now()
    )
    return made


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_the_database_seven_times_whatever_there_is(client, django_assert_num_queries, rows):
    petition()
    IssueFactory(status="sending", frozen_at=timezone.now())
    for number in range(rows):
        WeekFactory(year=2026 + number, picture=PictureFactory())
        CampaignFactory(picture=PictureFactory())
        PostFactory(picture=PictureFactory())
        PostFactory(kind=Post.Kind.ACTION, starts_at=timezone.now() + timedelta(days=1), picture=PictureFactory())
    client.get("/")  # the first answer in a process may look up what lasts
    caches["pages"].clear()  # the page itself is kept for a few seconds
    with django_assert_num_queries(7):
        client.get("/")


def test_the_home_page_knows_the_days_that_are_left_and_the_next_issue(client):
    week = WeekFactory(register_by=day(4), freeze_on=day(4))
    context = client.get("/").context
    assert (context["week"], context["week"].days_left) == (week, 4)
    assert context["next_issue_on"] == next_issue_on(timezone.localdate())


def test_the_sample_fills_every_part_in_both_languages(client):
    sample.load()
    context = client.get("/").context
    assert [post.title for post in context["actions"]] == ["National call-in day", "Story night at the union hall"]
    assert [(each.illustration, each.figure) for each in context["campaigns"]] == [
        ("headset", "120"), ("tiles", "12,000+"), ("table", "21,000"),
    ]  # fmt: skip
    for campaign in context["campaigns"]:
        fields = ("title_es", "summary_es", "body_es", "action_label_es", "figure_label_es")
        assert [name for name in fields if not getattr(campaign, name)] == []
    week = client.get(context["week"].get_absolute_url()).context
    assert (
        len(week["box_contents"])
        == len(client.get(f"/es{week['week'].get_absolute_url()}").context["box_contents"])
        == 6
    )
    assert [item.title_es for item in week["toolkit"] if not item.text_es] == []


def test_every_way_that_the_sample_offers_leads_somewhere(client):
    sample.load()
    context = client.get("/").context
    ways = [each.action_path for each in context["campaigns"]]
    ways += [item.path for item in client.get(context["week"].get_absolute_url()).context["toolkit"]]
    for way in ways:
        assert client.get(way).status_code == 200, way
        assert client.get(f"/es{way}").status_code == 200, way
