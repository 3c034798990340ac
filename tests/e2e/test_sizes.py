"""A first visit is small, for a phone on a slow connection. `python -m tests.e2e.sizes` prints the figures."""

import pytest

from tests.e2e.sizes import PAGES, measure

pytestmark = pytest.mark.browser
MOST_TRANSFERRED = 60_000  # bytes, without photos
MOST_CSS = 20_000  # bytes, compressed
MOST_JAVASCRIPT = 10_000  # bytes, unpacked
MOST_STYLESHEETS = 3


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_is_small_and_asks_nobody_else(visit, site, full, name):
    size = measure(visit, PAGES[name])
    assert size.transferred < MOST_TRANSFERRED, size
    assert 0 < size.css <= MOST_CSS, size
    assert size.javascript <= MOST_JAVASCRIPT, size
    assert size.stylesheets <= MOST_STYLESHEETS, size
    assert size.hosts == {site.address.removeprefix("http://")}
