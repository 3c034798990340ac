"""A running site and a browser, shared by all tests of this folder; each test uses its own addresses and locals."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acts import sign_in
from tests.e2e.browsing import DESKTOP, TIMEOUT, Visit, Visitors, chromium, find_chromium
from tests.e2e.pages import Links, fill
from tests.e2e.running import Site

MISSING = "No Chromium was found: install one, or set CHROMIUM to its path."


@pytest.fixture
def empty_redis() -> None:
    """The site has a Redis of its own, which goes on from test to test."""


@pytest.fixture
def plain_static_files() -> None:
    """The site collects its static files as it always does."""


# Both end with this folder: while a browser runs, the tests of other folders could not use the database.


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not find_chromium():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    expect.set_options(timeout=TIMEOUT)
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def site(browser: Browser) -> Iterator[Site]:
    running = Site(NEWSLETTER_HOLD="6", NEWSLETTER_CANARY="1", NEWSLETTER_CANARY_WAIT="1")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def full(site: Site) -> Links:
    """The site is a busy one from here on."""
    return fill(site)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens a window for a visitor; at the end nothing must have gone wrong in any of them."""
    visitors = Visitors(browser, site.address)
    yield visitors.visit
    assert visitors.leave() == []


@pytest.fixture
def staff(site: Site, visit: Visit) -> Page:
    """A member of staff, signed in at a desk."""
    page = visit(size=DESKTOP)
    sign_in(page, *site.staff)
    return page
