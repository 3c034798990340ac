"""News, posts, the archive: what readers find, and the way on from it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.utils import timezone

from members.issue_days import next_issue_on
from members.models import Issue, Post
from tests.members.factories import IssueFactory, PictureFactory, PostFactory

pytestmark = pytest.mark.django_db

Kind = Post.Kind


def posts(count: int, **values) -> list[Post]:
    """So many published posts, the newest first."""
    now = timezone.now()
    return [PostFactory(published_at=now - timedelta(hours=hours), **values) for hours in range(1, count + 1)]


def sent(number: int, **when) -> Issue:
    return IssueFactory(number=number, status=Issue.Status.SENDING, frozen_at=timezone.now() - timedelta(**when))


# ── News ─────────────────────────────────────────────────────────────────────────────────────────


def test_news_are_counted_by_kind_and_filtered(client):
    stories = posts(2, kind=Kind.STORY)
    updates = posts(1, kind=Kind.BARGAINING)
    PostFactory(kind=Kind.STORY, status="submitted", published_at=None)
    PostFactory(kind=Kind.STORY, embargo_until=timezone.now() + timedelta(days=1))

    everything, chosen = client.get("/news/").context, client.get("/news/?kind=story").context

    counts = [(each.kind, each.label, each.count) for each in everything["kinds"]]
    assert counts == [("bargaining", "bargaining update", 1), ("story", "member story", 2)]
    assert set(everything["posts"]) == {*stories, *updates}
    assert everything["kind"] == ""
    assert (chosen["posts"], chosen["kind"]) == (stories, "story")
    assert [each.count for each in chosen["kinds"]] == [1, 2]


def test_a_page_has_twenty_and_leads_to_the_next(client):
    shown = posts(41, kind=Kind.STORY)
    posts(1, kind=Kind.BARGAINING)

    pages = [client.get(f"/news/?kind=story&page={number}").context for number in (1, 2, 3)]

    assert [each["posts"] for each in pages] == [shown[:20], shown[20:40], shown[40:]]
    assert [(each["page"].previous_url, each["page"].next_url) for each in pages] == [
        ("", "?kind=story&page=2"),
        ("?kind=story", "?kind=story&page=3"),
        ("?kind=story&page=2", ""),
    ]
    assert client.get("/news/?page=2").context["page"].previous_url == "?"
    assert client.get("/es/news/?kind=story&page=2").status_code == 200


@pytest.mark.parametrize(
    "query", ["kind=gossip", "page=0", "page=2", "page=x", "page=-1", "page=", "page=99999999999"]
)
def test_a_kind_or_a_page_that_is_not_there_is_a_404(client, query):
    posts(3)
    assert client.get(f"/news/?{query}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_news_ask_the_database_twice(client, django_assert_num_queries, rows):
    for _ in range(rows):
        PostFactory(picture=PictureFactory())
    with django_assert_num_queries(2):
        client.get("/news/")
    with django_assert_num_queries(2):
        client.get("/news/?kind=story")


# ── A post ───────────────────────────────────────────────────────────────────────────────────────


def test_a_post_leads_to_its_neighbours_and_to_others_of_its_kind(client):
    newest, middle, oldest = posts(3, kind=Kind.STORY)
    update = PostFactory(kind=Kind.BARGAINING, published_at=middle.published_at)
    PostFactory(status="submitted", published_at=None)

    def around(post: Post):
        context = client.get(post.get_absolute_url()).context
        return context["previous"], context["next"], list(context["related"])

    assert around(newest) == (update, None, [middle, oldest])
    assert around(update) == (middle, newest, [])
    assert around(middle) == (oldest, update, [newest, oldest])
    assert around(oldest) == (None, middle, [newest, middle])


def test_a_post_shows_its_photo_or_the_drawing_of_its_kind(client):
    drawn = PostFactory(kind=Kind.BARGAINING)
    shown = PostFactory(picture=PictureFactory(alt="A full hall."))
    assert drawn.illustration == "table"
    assert 'alt="A full hall."' in client.get(shown.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_drawing(kind):
    assert "<svg" in get_template(f"illustrations/{Post(kind=kind).illustration}.svg").render()


def test_a_post_says_its_language_on_the_pages_of_both(client):
    post = PostFactory(title="Contesto en dos idiomas", language="es")
    for prefix in ("", "/es"):
        page = client.get(f"{prefix}/news/{post.slug}/").content.decode()
        assert '<h1 lang="es">Contesto en dos idiomas</h1>' in page
    with pytest.raises(IntegrityError, match="members_post_language"), transaction.atomic():
        PostFactory(language="fr")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_post_asks_the_database_four_times(client, django_assert_num_queries, rows):
    shown = [PostFactory(picture=PictureFactory()) for _ in range(rows)]
    with django_assert_num_queries(4):
        client.get(shown[0].get_absolute_url())


# ── Issues ───────────────────────────────────────────────────────────────────────────────────────


def test_the_archive_goes_by_years_and_says_when_the_next_issue_comes(client):
    old, older, newest = sent(2, days=800), sent(1, days=800), sent(3, days=1)
    IssueFactory(number=4)

    context = client.get("/newsletter/").context

    years = [(each.year, each.issues) for each in context["years"]]
    assert years == [
        (timezone.localtime(newest.frozen_at).year, [newest]),
        (timezone.localtime(old.frozen_at).year, [old, older]),
    ]
    assert context["next_issue_on"] == next_issue_on(timezone.localdate())


def test_an_issue_leads_to_its_neighbours(client):
    first, second, third = (sent(number, days=9 - number) for number in (1, 2, 3))
    IssueFactory(number=4)

    def around(issue: Issue):
        context = client.get(issue.get_absolute_url()).context
        return context["previous"], context["next"]

    assert [around(issue) for issue in (first, second, third)] == [(None, second), (first, third), (second, None)]


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2016, 5, 5), date(2017, 1, 15)),
        (date(2017, 1, 15), date(2017, 1, 15)),
        (date(2017, 1, 16), date(2017, 3, 15)),
        (date(2026, 11, 15), date(2026, 11, 15)),
        (date(2026, 11, 24), date(2027, 1, 15)),
        (date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_an_issue_is_due_every_two_months_and_so_six_times_a_year(today, due):
    assert next_issue_on(today) == due


def test_the_rhythm_is_a_setting_and_a_short_month_ends_sooner(settings):
    settings.NEWSLETTER_FIRST_ON, settings.NEWSLETTER_EVERY_MONTHS = date(2025, 8, 31), 3
    assert next_issue_on(date(2025, 9, 1)) == date(2025, 11, 30)
    assert next_issue_on(date(2025, 12, 1)) == date(2026, 2, 28)
    assert next_issue_on(date(2026, 2, 28)) == date(2026, 2, 28)
    assert next_issue_on(date(2026, 3, 1)) == date(2026, 5, 31)


def test_each_year_has_six_issue_days():
    year = [date(2026, 1, 1) + timedelta(days=days) for days in range(365)]
    assert len({day for day in year if next_issue_on(day) == day}) == 6
