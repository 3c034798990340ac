"""Joining from the foot of any page, and the two answers to a question about the address."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.running import Site

pytestmark = pytest.mark.browser
WITH_AND_WITHOUT = pytest.mark.parametrize(
    ("js", "name"), [(True, "script"), (False, "plain")], ids=["with JavaScript", "without"]
)


def join_from(page: Page, address: str, email: str) -> None:
    """Fill in the band at the foot of a page and send it."""
    page.goto(address)
    band = page.get_by_role("complementary", name="Hear what comes next")
    band.get_by_label("E-mail").fill(email)
    band.get_by_role("button", name="Join").click()


@WITH_AND_WITHOUT
def test_a_slip_is_put_right_by_one_press(visit, site: Site, js, name):
    page = visit(js=js)
    join_from(page, "/news/", f"slip-{name}@gmial.com")
    page.get_by_role("button", name=f"Use slip-{name}@gmail.com").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()

    assert site.letter(f"slip-{name}@gmail.com", "Confirm")
    assert site.letters(f"slip-{name}@gmial.com") == []


@WITH_AND_WITHOUT
def test_an_employers_address_is_kept_by_one_press(visit, site: Site, js, name):
    email = f"work-{name}@att.com"
    page = visit(js=js)
    join_from(page, "/privacy/", email)
    expect(page.get_by_role("heading", name="One question first")).to_be_visible()
    assert site.letters(email) == []
    page.get_by_role("button", name="Use this address anyway").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()

    assert site.letter(email, "Confirm")
