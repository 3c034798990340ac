"""How pages are found and shared: heads, facts, the sitemap, what search engines leave alone, icons, compression."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from members import subscriptions
from members.models import Post
from tests.campaigns.factories import CampaignFactory, WeekFactory
from tests.csan.test_pages import Page
from tests.members.factories import IssueFactory, PostFactory
from tests.petitions.factories import PetitionFactory, VersionFactory

pytestmark = pytest.mark.django_db
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Head(Page):
    """A page's metas by name or property, its alternates, and its facts by type."""

    def __init__(self, response) -> None:
        self.metas: dict[str, str] = {}
        html = response.content.decode()
        super().__init__(html)
        self.facts = {fact["@type"]: fact for fact in map(json.loads, DATA.findall(html))}

    def handle_starttag(self, tag, attrs) -> None:
        super().handle_starttag(tag, attrs)
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.metas[name] = found.get("content") or ""

    def rel(self, rel: str) -> list[dict[str, str]]:
        return [link for link in self.links if link.get("rel") == rel]


@pytest.fixture
def petition():
    return VersionFactory(
        petition__slug="jobs", title="Save “jobs” & more", ask="Pass <the> bill.", title_es="Salve los empleos"
    ).petition


@pytest.fixture
def action() -> Post:
    starts = timezone.now().replace(microsecond=0) + timedelta(days=3)
    return PostFactory(kind=Post.Kind.ACTION, slug="rally", title="Rally", starts_at=starts, place="Union Square")


def test_a_page_says_what_it_is_to_those_who_share_it(client, petition):
    head = Head(client.get("/petitions/jobs/"))

    assert head.words["title"] == ["Save “jobs” & more – Customer Service Action Network"]
    assert {name: head.metas[name] for name in head.metas if name.startswith(("og:", "twitter:"))} == {
        "og:type": "website",
        "og:site_name": "Customer Service Action Network",
        "og:title": "Save “jobs” & more",
        "og:description": head.metas["description"],
        "og:url": "http://testserver/petitions/jobs/",
        "og:locale": "en_US",
        "og:locale:alternate": "es_US",
        "og:image": head.metas["og:image"],
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": head.metas["og:image:alt"],
        "twitter:card": "summary_large_image",
    }
    assert head.metas["description"] == "Pass <the> bill."
    assert "Be one of the first to sign" in head.metas["og:image:alt"]


def test_the_picture_that_a_page_names_is_there(client, petition, action):
    WeekFactory(year=2026)
    IssueFactory(number=7, status="sending", frozen_at=timezone.now())
    CampaignFactory(slug="stop")
    kinds = []
    for path in (
        "/",
        "/petitions/jobs/",
        "/week-of-action/2026/",
        "/news/rally/",
        "/newsletter/7/",
        "/campaigns/stop/",
    ):
        url = Head(client.get(path)).metas["og:image"].removeprefix("http://testserver")
        response = client.get(url)
        kinds.append(url.split("/")[2].partition(".")[0])
        assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=604800"), path

    assert kinds == ["home", "petition", "week", "post", "issue", "campaign"]


def test_a_spanish_page_names_its_twins_and_its_language(client, petition):
    head = Head(client.get("/es/petitions/jobs/"))

    assert [link["href"] for link in head.rel("canonical")] == ["http://testserver/es/petitions/jobs/"]
    assert [(link["hreflang"], link["href"]) for link in head.rel("alternate") if "hreflang" in link] == [
        ("en", "http://testserver/petitions/jobs/"),
        ("es", "http://testserver/es/petitions/jobs/"),
        ("x-default", "http://testserver/petitions/jobs/"),
    ]
    assert (head.metas["og:locale"], head.metas["og:title"]) == ("es_US", "Salve los empleos")


def test_a_later_page_of_the_news_is_a_page_of_its_own_and_the_language_switch_stays_on_it(client):
    PostFactory.create_batch(21, kind=Post.Kind.STORY)
    response = client.get("/news/?page=2&kind=story&utm_source=elsewhere")
    head = Head(response)

    assert [link["href"] for link in head.rel("canonical")] == ["http://testserver/news/?kind=story&page=2"]
    assert [link["href"] for link in head.rel("alternate") if link.get("hreflang") == "es"] == [
        "http://testserver/es/news/?kind=story&page=2"
    ]
    assert 'href="/es/news/?page=2&amp;kind=story&amp;utm_source=elsewhere"' in response.content.decode()
    first = Head(client.get("/news/?page=1"))
    assert [link["href"] for link in first.rel("canonical")] == ["http://testserver/news/"]


def test_no_address_makes_a_link_to_another_site(client):
    assert re.findall(r'(?:href|content)="//[^"]*"', client.get("//evil.example/").content.decode()) == []


def test_a_refused_form_keeps_the_address_of_its_page(client, petition):
    response = client.post("/es/petitions/jobs/sign/", {"email": "no"})
    head = Head(response)

    assert response.status_code == 422
    assert [link["href"] for link in head.rel("canonical")] == ["http://testserver/es/petitions/jobs/"]
    assert head.metas["og:title"] == "Salve los empleos"


def test_a_private_page_says_nothing_of_itself(client):
    asked = subscriptions.subscribe(email="ana@example.org", wording="Send it.", source="/")
    subscription = subscriptions.confirm(token=subscriptions.confirm_token(asked))
    response = client.get(f"/preferences/{subscription.key}/")
    head = Head(response)

    assert head.metas["robots"] == "noindex"
    assert [name for name in head.metas if name.startswith("og:")] == []
    assert head.rel("canonical") == []
    assert head.facts == {}


def test_browsers_are_told_colours_icons_feeds_and_the_calendar(client):
    response = client.get("/es/")
    head = Head(response)
    colours = re.findall(r'<meta name="theme-color" media="\(prefers-color-scheme: (\w+)\)" content="(#\w{6})">',
                         response.content.decode())  # fmt: skip

    assert [scheme for scheme, _ in colours] == ["light", "dark"]
    assert [link["href"] for link in head.rel("manifest")] == ["/es/site.webmanifest"]
    assert [link["href"] for link in head.rel("icon")] == ["/favicon.ico", "/static/img/favicon.svg"]
    assert [(link["type"], link["href"]) for link in head.rel("alternate") if "type" in link] == [
        ("application/atom+xml", "/es/newsletter/feed.xml"),
        ("application/atom+xml", "/es/news/feed.xml"),
        ("text/calendar", "/es/calendar.ics"),
    ]


class TestFacts:
    def test_home_says_who_we_are(self, client):
        facts = Head(client.get("/es/")).facts

        assert set(facts) == {"Organization", "WebSite"}
        assert facts["Organization"]["sameAs"] == [
            "https://www.facebook.com/CSActionNetwork",
            "https://www.instagram.com/cwa_csaction",
        ]
        assert (facts["WebSite"]["url"], facts["WebSite"]["inLanguage"]) == ("http://testserver/es/", "es")

    def test_a_week_is_an_event_with_its_days(self, client):
        week = WeekFactory(year=2026)
        event = Head(client.get("/week-of-action/2026/")).facts["Event"]

        assert (event["startDate"], event["endDate"]) == (week.starts_on.isoformat(), week.ends_on.isoformat())
        assert event["location"] == {
            "@type": "Place",
            "name": "Union locals all over the country",
            "address": {"@type": "PostalAddress", "addressCountry": "US"},
        }
        assert event["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
        assert event["organizer"]["name"] == "Customer Service Action Network"

    def test_the_pages_beside_it_leave_the_event_to_the_weeks_own(self, client):
        WeekFactory(year=2026)
        assert Head(client.get("/week-of-action/2026/register/")).facts == {}

    def test_an_action_is_an_event_at_its_place(self, client, action):
        facts = Head(client.get("/news/rally/")).facts

        assert facts["Event"]["startDate"] == timezone.localtime(action.starts_at).isoformat()
        assert facts["Event"]["location"]["name"] == "Union Square"
        assert set(facts) == {"Event", "NewsArticle", "BreadcrumbList"}

    @pytest.mark.parametrize(
        ("byline", "author"),
        [
            ("Ana, Local 1101", {"@type": "Person", "name": "Ana, Local 1101"}),
            (
                "",
                {"@type": "Organization", "name": "Customer Service Action Network", "url": "http://testserver/"},
            ),
        ],
    )
    def test_a_post_is_an_article_by_who_wrote_it(self, client, byline, author):
        post = PostFactory(kind=Post.Kind.STORY, slug="mine", title="Mine", byline=byline)
        article = Head(client.get("/news/mine/")).facts["Article"]

        assert (article["headline"], article["author"], article["inLanguage"]) == ("Mine", author, "en")
        assert article["datePublished"] == timezone.localtime(post.published_at).isoformat()

    def test_an_issue_is_an_article_with_the_way_to_it(self, client):
        IssueFactory(number=7, subject="News", status="sending", frozen_at=timezone.now())
        facts = Head(client.get("/newsletter/7/")).facts

        assert facts["NewsArticle"]["headline"] == "News"
        assert [(step["position"], step["item"]) for step in facts["BreadcrumbList"]["itemListElement"]] == [
            (1, "http://testserver/"),
            (2, "http://testserver/newsletter/"),
            (3, "http://testserver/newsletter/7/"),
        ]

    def test_no_title_can_end_the_script(self, client):
        PostFactory(slug="bad", title="</script><b>&amp;")
        response = client.get("/news/bad/")

        assert Head(response).facts["Article"]["headline"] == "</script><b>&amp;"
        assert b"</script><b>" not in response.content

    def test_most_pages_have_none(self, client):
        assert Head(client.get("/privacy/")).facts == {}


class TestSitemap:
    NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}

    def entries(self, client) -> dict[str, str | None]:
        """Every address and when it was changed."""
        response = client.get("/sitemap.xml")
        assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
        root = ElementTree.fromstring(response.content)
        for url in root.findall("s:url", self.NAMES):
            twins = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", self.NAMES)}
            assert set(twins) == {"en", "es", "x-default"}
            assert url.findtext("s:loc", None, self.NAMES) in (twins["en"], twins["es"])
        return {
            url.findtext("s:loc", "", self.NAMES).removeprefix("http://testserver"): url.findtext(
                "s:lastmod", None, self.NAMES
            )
            for url in root.findall("s:url", self.NAMES)
        }

    def test_it_has_every_public_page_in_both_languages(self, client, petition, action):
        week = WeekFactory(year=2026)
        IssueFactory(number=7, status="sending", frozen_at=timezone.now())
        CampaignFactory(slug="stop")
        english = {
            "/", "/subscribe/", "/newsletter/", "/news/", "/privacy/", "/petitions/jobs/", "/week-of-action/2026/",
            "/newsletter/7/", "/news/rally/", "/news/submit/", "/campaigns/stop/",
        }  # fmt: skip
        if week.is_open:
            english.add("/week-of-action/2026/register/")

        entries = self.entries(client)

        assert set(entries) == english | {f"/es{path}" for path in english}
        assert {client.get(path).status_code for path in entries} == {200}
        assert entries["/news/rally/"] == timezone.localtime(action.published_at).isoformat(timespec="seconds")
        assert entries["/"] is None

    def test_what_is_not_public_is_not_in_it(self, client):
        PetitionFactory(slug="later", opens_at=timezone.now() + timedelta(days=1))
        WeekFactory(year=2027, published_at=None)
        IssueFactory(number=8)
        PostFactory(slug="secret", embargo_until=timezone.now() + timedelta(days=1))

        assert [path for path in self.entries(client) if re.search("later|2027|/8/|secret", path)] == []

    def test_it_asks_the_database_once_for_each_kind_of_page(self, client, django_assert_num_queries):
        for number in range(3):
            PostFactory(slug=f"post-{number}")
            WeekFactory(year=2030 + number)
        with django_assert_num_queries(5):
            client.get("/sitemap.xml")


def test_robots_leave_alone_what_holds_keys_and_find_the_sitemap(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    for prefix in (
        "/admin/",
        "/preferences/",
        "/unsubscribe/",
        "/subscribe/confirm/",
        "/signature/",
        "/registration/",
        "/news/yours/",
    ):
        assert f"Disallow: {prefix}" in lines
    assert "Disallow: /es/registration/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_every_address_with_a_key_is_one_that_robots_leave_alone(client):
    disallowed = [line.removeprefix("Disallow: ") for line in client.get("/robots.txt").content.decode().splitlines()]
    private = [
        "/preferences/k/",
        "/unsubscribe/k/",
        "/subscribe/confirm/k/",
        "/signature/k/",
        "/registration/k/change/",
        "/news/yours/k/approve/",
    ]

    for path in [*private, *(f"/es{path}" for path in private)]:
        assert any(prefix and path.startswith(prefix) for prefix in disallowed if prefix.startswith("/")), path


def test_the_manifest_names_the_site_as_the_settings_do(client, settings):
    settings.SITE_NAME, settings.SITE_SHORT_NAME, settings.THEME_COLOURS = "Our Union", "OU", "brand=#123456"
    response = client.get("/es/site.webmanifest")
    manifest = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    names = ("name", "short_name", "lang", "start_url", "theme_color")
    assert [manifest[name] for name in names] == ["Our Union", "OU", "es", "/es/", "#123456"]
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip


def test_the_icon_is_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Content-Type"]) == (200, "image/x-icon")
    assert response.content[:4] == b"\x00\x00\x01\x00"


class TestCompression:
    def get(self, client, address: str):
        return client.get(address, headers={"Accept-Encoding": "gzip"})

    def test_a_public_page_goes_compressed_to_who_can_read_it(self, client):
        response, plain = self.get(client, "/privacy/"), client.get("/privacy/")

        assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
        assert int(response["Content-Length"]) == len(response.content) < len(plain.content) / 2
        assert (plain.has_header("Content-Encoding"), plain["Vary"]) == (False, "Accept-Encoding")

    def test_a_page_with_a_key_goes_as_it_is_and_the_proxy_is_asked_to_leave_it_so(self, client):
        asked = subscriptions.subscribe(email="ana@example.org", wording="Send it.", source="/")
        subscription = subscriptions.confirm(token=subscriptions.confirm_token(asked))
        response = self.get(client, f"/preferences/{subscription.key}/")

        assert not response.has_header("Content-Encoding")
        assert "no-transform" in response["Cache-Control"]

    def test_what_was_typed_goes_as_it_is(self, client):
        response = client.post("/subscribe/", {"email": "no"}, headers={"Accept-Encoding": "gzip"})

        assert response.status_code == 422
        assert not response.has_header("Content-Encoding")

    def test_pictures_and_the_staff_site_are_left_as_they_are(self, client):
        assert not self.get(client, "/share/home.png").has_header("Content-Encoding")
        assert not self.get(client, "/admin/login/").has_header("Content-Encoding")
