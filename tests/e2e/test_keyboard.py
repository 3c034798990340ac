"""With the keyboard alone: each stop can be seen, in the order of the page; nothing holds the focus or hides it."""

import pytest

from tests.e2e.acts import SLUG, YEAR
from tests.e2e.browsing import DESKTOP, PHONE
from tests.e2e.hands import MOST_TABS, focus

pytestmark = pytest.mark.browser
WALKS = {"home": "/", "petition": f"/petitions/{SLUG}/", "register": f"/week-of-action/{YEAR}/register/"}
# Every element that Tab should stop at, by its place in the page; of radio buttons only one of a group.
STOPS = """() => {
  const seen = new Set();
  const kinds = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";
  return [...document.querySelectorAll(kinds)].filter((element) => {
    const group = element.type === "radio" && element.name;
    if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({visibilityProperty: true})) return false;
    if (group && seen.has(group)) return false;
    return group ? seen.add(group) : true;
  }).length;
}"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["on a phone", "at a desk"])
@pytest.mark.parametrize("name", WALKS)
def test_tab_shows_each_stop_and_reaches_all_of_them(visit, name, size):
    page = visit(size=size)
    page.goto(WALKS[name])
    stops = page.evaluate(STOPS)
    assert 5 < stops < MOST_TABS
    walked = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        walked.append(focus(page)["name"])
    assert len(walked) == stops
    page.keyboard.press("Tab")  # the walk is over, and the focus leaves the page
    assert page.evaluate("document.activeElement === document.body")


def test_the_skip_link_passes_the_header(visit):
    page = visit()
    page.goto(f"/petitions/{SLUG}/")
    page.keyboard.press("Tab")
    assert focus(page, ".skip-link")["isThere"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focus(page, "main *")["isThere"]
