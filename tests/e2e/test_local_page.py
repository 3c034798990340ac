"""The private page of a local whose box has left, on a phone 360 pixels wide, by keyboard and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import in_language

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


def press(page: Page, button: str) -> None:
    """By the keyboard, as who cannot use a mouse does."""
    page.get_by_role("main").get_by_role("button", name=button).press("Enter")


def is_as_wide_as_the_phone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


@pytest.mark.parametrize(
    ("language", "why", "button", "told"),
    [
        ("en", "140 members + 5 % = 147 → 15 packs of 10", "Tell us what is missing", "something is missing"),
        ("es", "140 miembros + 5 % = 147 → 15 paquetes de 10", "Decirnos qué falta", "falta algo"),
    ],
)
def test_a_local_says_what_is_missing_on_a_small_phone(visit, full, language, why, button, told):
    page = visit(js=False)
    page.set_viewport_size(PHONE)
    page.goto(in_language(full.boxed_local, language))
    expect(page.get_by_text(why)).to_be_visible()
    assert is_as_wide_as_the_phone(page)
    page.goto(in_language(full.arrival, language))
    assert is_as_wide_as_the_phone(page)
    page.locator("main input[inputmode=numeric]").first.fill("3")
    press(page, button)
    expect(page.get_by_text(told)).to_be_visible()


def test_a_contact_adds_a_colleague_and_takes_the_link_away_again(visit, full):
    page = visit(js=False)
    page.set_viewport_size(PHONE)
    page.goto(f"{full.boxed_local}colleagues/")
    main = page.get_by_role("main")
    main.get_by_label("Your colleague's name").fill("Sam Ortiz")
    main.get_by_label("Your colleague's e-mail").fill("pages-sam@example.org")
    press(page, "Send them a link")
    expect(main.get_by_text("pages-sam@example.org")).to_be_visible()
    assert is_as_wide_as_the_phone(page)
    press(page, "Remove Sam Ortiz")
    expect(main.get_by_text("pages-sam@example.org")).to_have_count(0)
