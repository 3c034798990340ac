"""Signing with Tab, Space and Enter alone: what has the focus can be seen, and nothing needs a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import SLUG, expect_count

pytestmark = pytest.mark.browser
MOST_TABS = 40  # more than any page has stops
# The element that has the focus: its name or words, and whether an outline on the screen shows it.
FOCUS = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: element.name || element.textContent.trim(),
    isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isOnScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus; each stop on the way must be visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["isOutlined"], focus
        assert focus["isOnScreen"], focus
        if focus["name"] == name:
            return
    raise AssertionError(f"no Tab leads to {name!r}")


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_signing_with_the_keyboard_alone(site, visit, js):
    email, before = f"keys-{js}@example.org".lower(), site.count(SLUG)
    page = visit(js=js)
    page.goto(f"/petitions/{SLUG}/")
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "Sign the petition")  # the first stop of the content, so the header was skipped
    page.keyboard.press("Enter")
    fields = {"given_name": "Dolores", "family_name": "Lind", "email": email, "zip_code": "02139"}
    for name, words in fields.items():
        tab_to(page, name)
        page.keyboard.type(words)
    tab_to(page, "show_name")
    page.keyboard.press("Space")
    tab_to(page, "Sign")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()

    page.goto(site.link(email, "Confirm your signature", "/confirm/"))
    tab_to(page, "Yes, count my signature")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your signature counts")).to_be_visible()
    expect_count(page, before + 1)


def test_the_skip_link_passes_the_header(visit):
    page = visit()
    page.goto(f"/petitions/{SLUG}/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == {"name": "Skip to the content", "isOutlined": True, "isOnScreen": True}
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == {"name": "Sign the petition", "isOutlined": True, "isOnScreen": True}
