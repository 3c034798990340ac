"""Searching the archive: what its pages say, in the language of the page, with the places where it stands."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from members import newsletter
from members.models import PUBLIC, Issue, Rendition
from members.newsletter.contents import gather
from members.searching import Piece, cleaned, search_issues
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db


def sent(number: int, **words) -> Issue:
    """An issue that went out, with what the archive shows of it."""
    issue = IssueFactory(
        number=number,
        status=Issue.Status.SENDING,
        frozen_at=timezone.now() - timedelta(days=1000 - number),
        **{"subject": "News", "intro": "<p>Hello.</p>", **words},
    )
    return shown(issue)


def shown(issue: Issue) -> Issue:
    """Keep what the archive shows of an issue as it stands."""
    for language in ("en", "es"):
        contents = gather(issue, language=language, variant=PUBLIC)
        Rendition.objects.create(
            issue=issue,
            language=language,
            variant=PUBLIC,
            revision=issue.revision,
            subject=contents.subject,
            contents=contents.as_data(),
        )
    return issue


def with_post(number: int, **words) -> Issue:
    issue = IssueFactory(number=number, subject="News", status="sending", frozen_at=timezone.now(), intro="")
    IssueItemFactory(issue=issue, post=PostFactory(**{"title": "At the table", **words}))
    return shown(issue)


def numbers(query: str, language: str = "en") -> list[int]:
    return [found.issue.number for found in search_issues(query, language).found]


def test_words_are_found_by_their_stem_wherever_an_issue_says_them():
    sent(1, subject="Closing time")
    sent(2, intro="<p>Two centers were <strong>closed</strong>.</p>")
    with_post(3, title="They close")
    with_post(4, summary="It closes")
    with_post(5, summary="x", byline="Ana Close")
    sent(6, intro="<p>Nothing <a href='https://example.org/closed'>of the kind</a>.</p>")

    assert numbers("close") == [1, 3, 5, 4, 2]  # the subject weighs most, then headings, then the rest; newest first


def test_only_public_issues_are_found():
    draft = IssueFactory(number=1, subject="Closing a draft")
    now = timezone.now()
    gone = IssueFactory(number=2, subject="Closing, cancelled", status="cancelled", frozen_at=now, finished_at=now)
    for issue in (draft, gone):
        shown(issue)
    assert numbers("closing") == []


@pytest.mark.django_db(transaction=True)
def test_what_some_readers_got_and_tests_are_not_searched_and_a_correction_replaces_what_was():
    SubscriptionFactory()
    issue = IssueFactory(number=3, subject="The strik in Dallas", intro="<p>Hello.</p>")
    IssueItemFactory(
        issue=issue, post=None, heading="For Texas", body="<p>secret</p>", audience="state", audience_of="TX"
    )
    newsletter.send_test(issue=issue, by=StaffFactory(), language="en")
    send_issue(issue=issue)
    Issue.objects.filter(pk=issue.pk).update(subject="The strike in Austin")
    assert (numbers("Dallas"), numbers("Austin"), numbers("secret")) == ([3], [], [])

    issue.refresh_from_db()
    newsletter.correct(issue=issue, by=StaffFactory(), note="The town was wrong.")

    assert (numbers("Dallas"), numbers("Austin")) == ([], [3])
    (found,) = search_issues("strike", "en").found
    assert (found.subject, found.issue.number) == ("The strike in Austin", 3)


def test_issues_from_before_their_pages_were_kept_are_found_once_they_are():
    old = {"status": "sent", "frozen_at": timezone.now(), "finished_at": timezone.now()}
    issue = IssueFactory(number=1, subject="Closing time", subject_es="Hora de cerrar", intro="<p>Hello.</p>", **old)
    IssueFactory(number=2, subject="A closing draft")
    letter = Rendition.objects.create(issue=issue, language="en", digest="as sent", subject="x", text="x", html="x")
    assert numbers("closing") == []

    assert [newsletter.keep_old_issues(), newsletter.keep_old_issues()] == [1, 0]

    assert (numbers("closing"), numbers("cerrar", "es")) == ([1], [1])
    kept = Rendition.objects.exclude(pk=letter.pk).order_by("language")
    assert [(page.language, page.variant, page.digest) for page in kept] == [
        ("en", "public", "as sent"),
        ("es", "public", "as sent"),
    ]


def test_each_language_has_its_own_words_and_stems():
    sent(1, subject="The strike", subject_es="Las huelgas", intro_es="<p>Negociamos por teléfono.</p>")
    sent(2, subject="A huelga, as they say")

    assert (numbers("strikes"), numbers("huelga")) == ([1], [2])
    assert (numbers("strike", "es"), sorted(numbers("huelga", "es"))) == ([], [1, 2])
    assert (numbers("negociar", "es"), numbers("telefonos", "es")) == ([1], [1])


def test_quotes_or_and_minus_work_as_elsewhere():
    sent(1, subject="Fair schedules")
    sent(2, subject="Schedules, never fair")
    assert sorted(numbers("fair schedules")) == [1, 2]
    assert numbers('"fair schedules"') == [1]
    assert sorted(numbers("hello or schedules")) == [1, 2]
    assert numbers("schedules -never") == [1]


def test_a_snippet_shows_the_words_as_they_read_and_marks_the_match():
    welcome = "<p>Hello &amp; welcome.</p>"
    issue = IssueFactory(number=1, subject="News", intro=welcome, status="sending", frozen_at=timezone.now())
    IssueItemFactory(
        issue=issue,
        post=None,
        heading="At the table",
        body='<p>The company <strong>closes</strong> <a href="https://example.org">centers</a>.</p>',
    )
    shown(issue)
    (found,) = search_issues("closing", "en").found
    assert found.snippet == [
        Piece("Hello & welcome. At the table. The company ", is_match=False),
        Piece("closes", is_match=True),
        Piece(" centers", is_match=False),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  fair \n pay ", "fair pay"), ("a\x00b", "a b"), ("\x00", ""), ("x" * 5000, "x" * 100), ("\ue000a", "a")],
)
def test_what_is_typed_can_be_searched(typed, kept):
    assert cleaned(typed) == kept


@pytest.mark.parametrize("query", ["the", "'", "&|!:*", '"', "<b>", "\\", "%", "ñ", "-", "a' OR 1=1 --", "y" * 5000])
def test_nothing_that_is_typed_breaks_it(client, query):
    sent(1)
    page = client.get("/newsletter/", {"q": query})
    assert (page.status_code, page.context["page"].found) == (200, [])


def test_the_page_of_a_search(client):
    sent(7, subject="Fair pay", intro="<p>We want &lt;fair&gt; pay.</p>")
    page = client.get("/newsletter/?q=fair+pay")
    html = page.content.decode()
    assert page["Cache-Control"] == "public, max-age=60"
    assert not page.cookies
    assert "1 issue has “fair pay”" in html
    assert 'href="/newsletter/7/"' in html
    assert "want &lt;<mark>fair</mark>&gt; <mark>pay</mark>" in html
    assert 'value="fair pay"' in html
    assert '<link rel="canonical" href="http://testserver/newsletter/?q=fair+pay">' in html
    assert 'hreflang="es" href="http://testserver/es/newsletter/?q=fair+pay"' in html


def test_what_was_searched_for_is_shown_as_text(client):
    html = client.get("/newsletter/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_where_nothing_is_found_there_is_a_way_on(client):
    html = client.get("/newsletter/?q=unicorns").content.decode()
    assert "No issue has “unicorns”" in html
    assert 'href="/newsletter/"' in html
    assert '<label class="field__label" for="search">' in html


def test_an_empty_search_is_the_archive(client):
    sent(1)
    assert next(template.name for template in client.get("/newsletter/?q=+").templates) == "members/archive.html"
    assert 'role="search"' in client.get("/newsletter/").content.decode()


def test_many_matches_are_paged(client):
    for number in range(1, 24):
        sent(number, subject="Fair pay")
    pages = [client.get(f"/newsletter/?q=fair&page={number}").context["page"] for number in (1, 2, 3)]
    assert [[found.issue.number for found in page.found] for page in pages] == [
        list(range(23, 13, -1)), list(range(13, 3, -1)), [3, 2, 1],
    ]  # fmt: skip
    assert [(page.previous_url, page.next_url) for page in pages] == [
        ("", "?q=fair&page=2"), ("?q=fair", "?q=fair&page=3"), ("?q=fair&page=2", ""),
    ]  # fmt: skip
    assert [client.get(f"/newsletter/?q=fair&page={page}").status_code for page in ("0", "4", "x", "")] == [404] * 4


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_asks_the_database_three_times(client, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        sent(number, subject="Fair pay")
    with django_assert_num_queries(3):
        client.get("/newsletter/?q=fair")


@pytest.mark.scale
def test_five_hundred_issues_are_searched_within_a_blink(client):
    body = "<p>" + "Fair pay and good schedules for customer service workers in every call center. " * 60 + "</p>"
    for number in range(1, 501):
        sent(number, subject="Fair pay", intro=body)
    client.get("/newsletter/?q=fair+pay")

    began = time.perf_counter()
    page = client.get("/newsletter/?q=fair+pay&page=2").context["page"]
    took = time.perf_counter() - began

    print(f"searched 500 issues in {took * 1000:.0f} ms")
    assert page.count == 500
    assert took < 0.25
