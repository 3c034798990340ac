"""The site's pages: each says where one is, works for everybody, and leaves nothing in the browser."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from campaigns.models import WeekOfAction
from members import subscriptions
from members.forms import NEWSLETTER_WORDING
from members.models import Issue, Person, Post, Subscription
from petitions.models import Petition, PetitionVersion
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """What the tests ask of a page: its title and headings, its fields and labels, what must not be there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: dict[str, list[str]] = {"title": [], "h1": []}
        self.open: list[str] = []
        self.drawings = 0
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.links: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.drawings += tag == "svg"
        if tag in self.words and not self.drawings:  # a drawing may have a title of its own
            self.words[tag].append("")
            self.open.append(tag)
        if tag == "label":
            self.labelled.add(found.get("for", ""))
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.fields.append(found.get("id", ""))
        if tag == "link":
            self.links.append(found)
        if "id" in found:
            self.ids.append(found["id"])
        is_data = found.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and "src" not in found and not is_data) or "style" in found:
            self.inline.append(tag)
        self.inline += [name for name in found if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.drawings -= tag == "svg"
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.words[tag][-1] += data


@pytest.fixture
def subscription() -> Subscription:
    asked = subscriptions.subscribe(email="ana@example.org", wording="Send it to me.", source="/", given_name="Ana")
    return subscriptions.confirm(token=subscriptions.confirm_token(asked))


@pytest.fixture
def action() -> Post:
    return PostFactory(
        kind=Post.Kind.ACTION,
        title="Rally at noon",
        slug="rally",
        starts_at=timezone.now() + timedelta(days=2),
        place="Union Square",
    )


@pytest.fixture
def issue(action) -> Issue:
    sent = IssueFactory(
        number=7, subject="News of the week", intro="Hello.", status=Issue.Status.SENDING, frozen_at=timezone.now()
    )
    IssueItemFactory(issue=sent, post=action)
    return sent


PAGES = [
    ("/", 200, "Take action", "We answer the calls. Together we keep the jobs."),
    ("/privacy/", 200, "Privacy", "Privacy"),
    ("/subscribe/", 200, "Get the newsletter", "Get the newsletter"),
    ("/subscribe/check-your-email/", 200, "Check your e-mail", "Check your e-mail"),
    ("/subscribe/confirm/nonsense/", 404, "This link no longer works", "This link no longer works"),
    ("/subscribe/confirmed/", 200, "You are in", "You are in"),
    ("/unsubscribed/", 200, "You are unsubscribed", "You are unsubscribed"),
    ("/erased/", 200, "Your data is erased", "Your data is erased"),
    ("/newsletter/?q=nothing", 200, "“nothing” in the newsletter", "Search"),
    ("/preferences/nonsense/", 404, "This page is not there", "This page is not there"),
    ("/newsletter/", 200, "The newsletter", "The newsletter"),
    ("/newsletter/7/", 200, "News of the week", "News of the week"),
    ("/news/", 200, "News", "News"),
    ("/news/submit/", 200, "Send us your story", "Send us your story"),
    ("/news/submit/thank-you/", 200, "Thank you for your story", "Thank you. Now check your e-mail"),
    ("/news/rally/", 200, "Rally at noon", "Rally at noon"),
    ("/nowhere/", 404, "Page not found", "Page not found"),
]


@pytest.mark.parametrize(("address", "status", "title", "heading"), PAGES)
def test_each_page_says_where_one_is_and_keeps_the_rules_of_all_pages(client, issue, address, status, title, heading):
    response = client.get(address)
    page = Page(response.content.decode())

    assert response.status_code == status
    assert page.words == {"title": [f"{title} – Customer Service Action Network"], "h1": [heading]}
    assert_rules_hold(response, page)


def assert_rules_hold(response, page: Page) -> None:
    assert not response.cookies
    assert page.inline == []
    assert set(page.fields) - page.labelled == set()
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/subscribe/confirm/{token}/", "One more step"),
        ("/unsubscribe/{key}/", "Leave the newsletter?"),
        ("/preferences/{key}/", "Your private page"),
        ("/preferences/{key}/erase/", "Erase what you keep about me?"),
    ],
)
def test_each_private_page_keeps_the_same_rules_and_stays_out_of_search(client, subscription, address, heading):
    response = client.get(address.format(key=subscription.key, token=subscriptions.confirm_token(subscription)))
    page = Page(response.content.decode())

    assert (response.status_code, page.words["h1"]) == (200, [heading])
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert_rules_hold(response, page)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "No action has a date right now."),
        ("/", "No petition is open right now"),
        ("/newsletter/", "No issue has gone out yet."),
        ("/news/", "Nothing has been published yet."),
    ],
)
def test_an_empty_site_says_what_will_come(client, address, words):
    assert words in client.get(address).content.decode()


def test_the_home_page_shows_what_happens_now_and_the_sentence_people_agree_to(client, issue):
    html = client.get("/").content.decode()

    assert 'href="/news/rally/"' in html
    assert "Union Square" in html
    assert 'href="/newsletter/7/"' in html
    assert '<form class="join" method="post" action="/subscribe/"' in html
    assert str(NEWSLETTER_WORDING).replace("'", "&#x27;") in html


def test_a_refused_form_is_first_a_summary_with_a_link_to_each_field(client):
    response = client.post("/subscribe/", {"email": "ana@", "zip_code": "12", "given_name": "Ana"})
    html = response.content.decode()
    page = Page(html)

    assert response.status_code == 422
    assert page.words["title"] == ["Error: Get the newsletter – Customer Service Action Network"]
    assert html.index('id="error-summary"') < html.index("<h1>")
    assert re.findall(r'<li><a href="#(\w+)">', html) == ["id_email", "id_zip_code"]
    assert 'value="Ana"' in html
    assert re.search(r'<input[^>]*id="id_zip_code"[^>]*>', html)[0].count('aria-describedby="id_zip_code_error"') == 1
    assert re.search(r'<input[^>]*id="id_email"[^>]*>', html)[0].count("id_email_helptext id_email_error") == 1
    assert "id_email_helptext" in page.ids
    assert "id_email_error" in page.ids
    assert_rules_hold(response, page)


def test_fields_that_may_stay_empty_say_so_in_words(client):
    html = client.get("/subscribe/").content.decode()

    labels = re.findall(r'<label class="field__label"[^>]*>(.*?)</label>', html)

    assert [re.sub(r"<.*?>", "", label) for label in labels] == [
        "E-mail",
        "First name (optional)",
        "Last name (optional)",
        "ZIP code (optional)",
        "Your local (optional)",
        "Your employer (optional)",
        "Language (optional)",
    ]


def test_every_page_names_its_twin_in_the_other_language(client):
    page = Page(client.get("/es/subscribe/").content.decode())
    named = [(link.get("rel"), link.get("hreflang"), link["href"]) for link in page.links[:4]]

    assert named == [
        ("canonical", None, "http://testserver/es/subscribe/"),
        ("alternate", "en", "http://testserver/subscribe/"),
        ("alternate", "es", "http://testserver/es/subscribe/"),
        ("alternate", "x-default", "http://testserver/subscribe/"),
    ]


def test_the_form_offers_the_language_of_the_page(client):
    assert '<option value="es" selected>' in client.get("/es/subscribe/").content.decode()
    assert '<option value="en" selected>' in client.get("/subscribe/").content.decode()


def test_the_private_page_shows_what_is_kept_and_takes_a_language(client, subscription):
    address = f"/preferences/{subscription.key}/"
    html = client.get(address).content.decode()
    response = client.post(address, {"language": "es"})

    assert "ana@example.org" in html
    assert "Send it to me." in html
    assert f'action="/unsubscribe/{subscription.key}/"' in html
    assert (response.status_code, response["Location"]) == (303, address)
    assert Person.objects.get().language == "es"


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_for_faults_need_no_request_and_no_names(name):
    page = Page(render_to_string(name))

    assert len(page.words["h1"]) == 1
    assert page.words["title"] == page.words["h1"]
    assert page.inline == []


def test_a_post_from_another_site_is_answered_with_a_page(client):
    response = client.post("/subscribe/", {"email": "ana@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    page = Page(response.content.decode())

    assert (response.status_code, page.words["h1"]) == (403, ["We could not accept this"])
    assert not Person.objects.exists()


def test_pages_come_without_a_query_for_their_frame(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/privacy/").status_code == 200


def test_staff_markdown_is_shown_as_safe_html(client, action):
    Post.objects.update(body="Bring **friends** <script>alert(1)</script>")

    html = client.get("/news/rally/").content.decode()

    assert "<strong>friends</strong>" in html
    assert "<script>alert" not in html


def test_an_issue_is_shown_in_the_language_of_the_page(client, issue):
    Issue.objects.update(subject_es="Noticias", intro_es="Hola.")

    assert "Hola." in client.get("/es/newsletter/7/").content.decode()
    assert "Hello." in client.get("/newsletter/7/").content.decode()
    with translation.override("es"):
        assert Issue.objects.get().local_subject == "Noticias"


def test_the_petition_card_says_the_count_in_words_and_names_where_it_is_kept_fresh():
    petition = Petition.objects.create(slug="save-call-center-jobs", goal=5000)
    PetitionVersion.objects.create(
        petition=petition, number=1, title="Save call center jobs", ask="Pass the bill.", published_at=timezone.now()
    )

    petition.signers = 1234  # as `.counted()` has it

    html = render_to_string("components/petition_card.html", {"petition": petition, "petition_count": 1234})

    assert "data-count>1,234</strong> of <span data-goal>5,000</span> signatures" in html
    assert 'data-count-url="/petitions/save-call-center-jobs/count.json"' in html
    assert "Pass the bill." in html
    assert "Sign the petition" in html


@pytest.mark.parametrize(
    ("days_left", "words"), [(3, "Register your local</a>"), (-1, "See what the week is about</a>")]
)
def test_the_week_card_offers_what_can_be_done_today(days_left, words):
    register_by = timezone.localdate() + timedelta(days=days_left)
    week = WeekOfAction(
        year=2027, theme="Good jobs", register_by=register_by, published_at=timezone.now() - timedelta(days=9)
    )
    week.starts_on = week.ends_on = register_by + timedelta(days=20)

    html = render_to_string("components/week_card.html", {"week": week})

    assert "Week of Action 2027" in html
    assert words in html
