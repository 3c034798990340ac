"""The Atom feeds: what programs that follow them read."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from members import newsletter
from members.models import Issue
from tests.members.factories import IssueFactory, PostFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(response) -> ElementTree.Element:
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [element.text for element in root.findall(path, ATOM)]


def test_the_news_have_what_is_public_newest_first(client):
    now = timezone.now()
    PostFactory(slug="old", title="Old", published_at=now - timedelta(days=2), byline="Ana")
    PostFactory(slug="new", title="New", published_at=now - timedelta(days=1), byline="")
    PostFactory(slug="secret", title="Secret", embargo_until=now + timedelta(days=1))

    root = read(client.get("/news/feed.xml"))

    assert texts(root, "a:entry/a:title") == ["New", "Old"]
    assert texts(root, "a:entry/a:author/a:name") == ["Ana"]
    assert [link.get("href") for link in root.findall("a:entry/a:link", ATOM)] == [
        "http://testserver/news/new/",
        "http://testserver/news/old/",
    ]


def test_a_feed_knows_its_language_and_its_own_address(client):
    root = read(client.get("/es/news/feed.xml"))

    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    assert texts(root, "a:id") == ["http://testserver/es/news/feed.xml"]
    assert {(link.get("rel"), link.get("href")) for link in root.findall("a:link", ATOM)} == {
        ("self", "http://testserver/es/news/feed.xml"),
        ("alternate", "http://testserver/es/news/"),
    }


def test_the_newsletter_has_the_issues_that_went_out_in_the_readers_language(client):
    now = timezone.now()
    IssueFactory(
        number=7,
        subject="News",
        subject_es="Noticias",
        intro_es="<p><strong>Hola</strong></p>",
        status="sending",
        frozen_at=now,
    )
    IssueFactory(number=8, subject="Draft")

    root = read(client.get("/es/newsletter/feed.xml"))

    assert texts(root, "a:entry/a:title") == ["Noticias"]
    assert texts(root, "a:entry/a:summary") == ["<p><strong>Hola</strong></p>"]
    assert texts(root, "a:entry/a:id") == ["http://testserver/es/newsletter/7/"]


@pytest.mark.django_db(transaction=True)
def test_a_correction_makes_an_entry_newer_and_shows_what_was_corrected(client):
    SubscriptionFactory()
    issue = IssueFactory(number=7, subject="The strik", intro="<p>In Dallas.</p>")
    with time_machine.travel("2026-03-01 12:00", tick=False):
        send_issue(issue=issue)
    Issue.objects.filter(pk=issue.pk).update(subject="The strike", intro="<p>In Austin.</p>")
    assert texts(read(client.get("/newsletter/feed.xml")), "a:entry/a:title") == ["The strik"]  # not published yet

    issue.refresh_from_db()
    with time_machine.travel("2026-03-02 12:00", tick=False):
        newsletter.correct(issue=issue, by=StaffFactory(), note="The town was <wrong>.")

    root = read(client.get("/newsletter/feed.xml"))
    entry = {name: texts(root, f"a:entry/a:{name}") for name in ("title", "published", "updated", "summary")}
    assert entry == {
        "title": ["The strike"],
        "published": ["2026-03-01T17:00:00+00:00"],
        "updated": ["2026-03-02T17:00:00+00:00"],
        "summary": ["<p>Corrected: The town was &lt;wrong&gt;.</p><p>In Austin.</p>"],
    }
    assert texts(root, "a:updated") == ["2026-03-02T17:00:00+00:00"]


def test_programs_may_keep_a_feed_for_a_while(client):
    for address in ("/news/feed.xml", "/newsletter/feed.xml"):
        assert set(client.get(address)["Cache-Control"].split(", ")) == {"public", "max-age=900"}


def test_what_stands_in_a_post_is_clean_html(client):
    PostFactory(body="Bring **friends** <script>alert(1)</script>")

    (summary,) = texts(read(client.get("/news/feed.xml")), "a:entry/a:summary")

    assert "<strong>friends</strong>" in summary
    assert "<script>" not in summary
