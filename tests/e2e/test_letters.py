"""Every letter in a real browser, as the kinds of mail programs show it: axe finds nothing, nothing is too wide."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import NARROWEST, PHONE
from tests.e2e.looking import COLOURS, WIDER, resize, violations
from tests.letters import every_letter

pytestmark = pytest.mark.browser
# A letter is no page of a site: it has no landmarks and no way past them, which best practice would ask for.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}}
STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)


def outlook_in_the_dark(html: str) -> str:
    """As Outlook marks a letter that it has darkened."""
    return html.replace("<html ", "<html data-ogsc data-ogsb ", 1)


def without_styles(html: str) -> str:
    """As programs show it that throw a letter's stylesheet away."""
    return STYLE.sub("", html)


WAYS = {
    "light": ("light", str, RULES),
    "dark": ("dark", str, COLOURS),
    "outlook in the dark": ("light", outlook_in_the_dark, COLOURS),
    "without its stylesheet": ("light", without_styles, COLOURS),
}


@pytest.fixture
def window(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_can_be_read_wherever_it_is_opened(window, language, way):
    scheme, shown_as, rules = WAYS[way]
    fetched: list[str] = []
    window.on("request", lambda request: fetched.append(request.url))
    window.emulate_media(color_scheme=scheme)
    found = []

    for name, letter in every_letter(language).items():
        window.set_content(shown_as(letter.html))
        found += [f"{name}: {violation}" for violation in violations(window, rules)]
        resize(window, NARROWEST)
        found += [f"{name}: {wider}" for wider in window.evaluate(WIDER)]
        resize(window, PHONE)

    assert found == []
    assert fetched == []
