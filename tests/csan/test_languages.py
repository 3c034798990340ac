"""Words that are not in the page's language say so (WCAG 2.2, 3.1.2), and each page has its twin, even a 404."""

import pickle
import re

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from csan.lib.languages import Said, in_language, twin
from tests.campaigns.factories import CampaignFactory, WeekFactory
from tests.members.factories import IssueFactory, PostFactory


@pytest.mark.parametrize(
    ("reader", "spanish", "words", "language"),
    [("en", "Hola", "Hello", "en"), ("es", "Hola", "Hola", "es"), ("es", "", "Hello", "en")],
)
def test_words_know_their_language_and_keep_it(reader, spanish, words, language):
    with translation.override(reader):
        said = in_language("Hello", spanish)
    for each in (said, pickle.loads(pickle.dumps(said))):
        assert (each, each.language) == (words, language)


@pytest.mark.parametrize(("reader", "html"), [("en", "<p>Hello</p>"), ("es", '<p lang="en">Hello</p>')])
def test_the_element_says_it_only_where_it_differs(reader, html):
    template = Template("<p{{ words|lang }}>{{ words }}</p>")
    with translation.override(reader):
        assert template.render(Context({"words": Said("Hello", "en")})) == html
        assert template.render(Context({"words": "plain"})) == "<p>plain</p>"


@pytest.mark.django_db
def test_english_words_on_spanish_pages_are_marked(client):
    IssueFactory(number=7, subject="English subject", status="sending", frozen_at=timezone.now())
    CampaignFactory(slug="jobs", title="English title", summary="English summary.")
    PostFactory(title="English post", byline="A steward", place="Union hall")
    WeekFactory(year=2026, theme="English theme")
    for page in ("", "newsletter/", "newsletter/7/", "campaigns/jobs/", "news/", "week-of-action/2026/"):
        html = client.get(f"/es/{page}").content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        shown = re.findall(r"<([^<>]*)>(English[^<]*|A steward|Union hall)<", main)
        assert shown, page
        assert [words for tag, words in shown if 'lang="en"' not in tag] == [], page


@pytest.mark.parametrize(
    ("page", "language", "address"),
    [
        ("/nothing-here/", "es", "/es/nothing-here/"),
        ("/es/nothing-here/", "en", "/nothing-here/"),
        ("/privacy/?a=b", "es", "/es/privacy/?a=b"),
        ("/es/privacy/", "es", "/es/privacy/"),
    ],
)
def test_every_address_has_its_twin(page, language, address):
    with translation.override("es" if page.startswith("/es/") else "en"):
        assert twin(page, language) == address
