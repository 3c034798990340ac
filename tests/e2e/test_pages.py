"""Every public page in light and dark, on a phone and at a desk: accessible, narrow enough, and without a cookie."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.e2e.browsing import DESKTOP, NARROWEST, PHONE, Visitors
from tests.e2e.pages import PAGES, Links, make_links

pytestmark = pytest.mark.browser
# Every rule, also the newest of WCAG 2.2; what dark changes is colour alone.
SCHEMES = {
    "light": {"rules": {"target-size": {"enabled": True}}},
    "dark": {"runOnly": {"type": "tag", "values": ["cat.color"]}},
}
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def links(site) -> Links:
    return make_links(site)


@pytest.fixture(scope="module")
def visitors(browser, site):
    """One visitor walks through all pages, as people do."""
    walking = Visitors(browser, site.address)
    yield walking
    walking.leave()


@pytest.fixture(scope="module")
def walker(visitors) -> Page:
    return visitors.visit()


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds, with the element and the reason."""
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})["violations"]
    return [f"{rule['id']}: {node['html']}\n{node['failureSummary']}" for rule in found for node in rule["nodes"]]


@EVERY_PAGE
def test_a_page_is_accessible_and_fits(walker, visitors, links, name):
    PAGES[name](walker, links)
    walker.evaluate(AXE_SCRIPT)
    found = []
    for width, height in (PHONE, DESKTOP):
        walker.set_viewport_size({"width": width, "height": height})
        for scheme, rules in SCHEMES.items():
            walker.emulate_media(color_scheme=scheme)
            found += [f"{width} px, {scheme}: {violation}" for violation in violations(walker, rules)]
    walker.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    problems = visitors.problems()
    assert found == []
    assert walker.evaluate("document.scrollingElement.scrollWidth") <= NARROWEST[0]
    assert walker.context.cookies() == []
    assert problems == []
