"""Every public page in both languages, busy, bare and gone wrong: each can be used, however somebody reads."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.browsing import DESKTOP, NARROWEST, PHONE, Visitors
from tests.e2e.looking import (
    CUT_OFF,
    MOVING,
    PLAIN_SPACING,
    SPACING,
    WIDER,
    WITHOUT_EDGE,
    at_ease,
    barriers,
    resize,
)
from tests.e2e.pages import EMPTY, LANGUAGES, PAGES, Tour, empty
from tests.e2e.running import Site

pytestmark = pytest.mark.browser
ZOOMED = (640, 400)  # what a window of 1280 px shows at 200 %
# One worker visits a page and does all its tests.
VISITS = [
    pytest.param((language, name), id=f"{name}, {language}", marks=pytest.mark.xdist_group(f"{name}, {language}"))
    for language in LANGUAGES
    for name in PAGES
]


@pytest.fixture(scope="module")
def visitors(browser, site) -> Iterator[Visitors]:
    """One visitor walks through all pages, as people do."""
    walking = Visitors(browser, site.address)
    yield walking
    walking.leave()


@pytest.fixture(scope="module")
def walker(visitors) -> Page:
    return visitors.visit()


@pytest.fixture(scope="module", params=VISITS)
def opened(request, walker, visitors, site, full) -> list[str]:
    """The walker stands on a page; what went wrong behind it. The tests of one page follow each other."""
    language, name = request.param
    visitors.problems()
    at_ease(walker)
    PAGES[name](Tour(walker, site, full, language))
    return visitors.problems()


@pytest.fixture
def page(opened, walker) -> Page:
    """That page, as a phone shows it."""
    at_ease(walker)
    return walker


def test_a_page_loads_all_it_needs_from_this_site_and_leaves_no_cookie(page, opened):
    assert opened == []
    assert page.context.cookies() == []


def test_a_page_says_its_language(page, request):
    language = request.node.callspec.params["opened"][0]
    assert page.locator("html").get_attribute("lang") == language


def test_a_page_is_accessible(page, request):
    assert barriers(page, request.node.callspec.params["opened"][0]) == []


@pytest.mark.parametrize("size", [NARROWEST, ZOOMED], ids=["at 320 px", "at 1280 px and 200 %"])
def test_a_page_needs_no_scrolling_sideways(page, size):
    resize(page, size)
    assert page.evaluate(WIDER) == []


def test_a_page_holds_letters_twice_as_large(page):
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = page.evaluate(WIDER) + page.evaluate(CUT_OFF)
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert found == []


def test_a_page_holds_text_spaced_as_wcag_says(page):
    page.evaluate(SPACING)
    found = []
    for size in (NARROWEST, PHONE, DESKTOP):
        resize(page, size)
        found += page.evaluate(WIDER) + page.evaluate(CUT_OFF)
    page.evaluate(PLAIN_SPACING)
    assert found == []


def test_buttons_and_fields_have_edges_where_colours_are_forced(page):
    page.emulate_media(forced_colors="active")
    found = page.evaluate(WITHOUT_EDGE)
    page.emulate_media(forced_colors="none")
    assert found == []


def test_nothing_moves_for_those_who_ask_for_stillness(page):
    assert page.evaluate(MOVING) == []


def test_a_site_without_content_is_accessible_and_fits(browser):
    """All in one test, because it has a site of its own."""
    site, found = Site(), []
    try:
        site.start()
        empty(site)
        visitors = Visitors(browser, site.address)
        walker = visitors.visit()
        for language in LANGUAGES:
            for name, way in EMPTY.items():
                way(Tour(walker, site, language=language))
                problems = barriers(walker, language)
                resize(walker, NARROWEST)
                problems += walker.evaluate(WIDER)
                at_ease(walker)
                found += [f"{name}, {language}: {problem}" for problem in problems]
        found += visitors.leave()
    finally:
        site.stop()
    assert found == []
