"""Signing, on a phone: the count moves by one and back again, and only a pressed button moves it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import SLUG, expect_count, sign
from tests.e2e.browsing import PHONE

pytestmark = pytest.mark.browser
WITH_AND_WITHOUT = pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])


@WITH_AND_WITHOUT
def test_a_visitor_signs_confirms_and_takes_the_signature_back(site, visit, js):
    email = f"signer-{js}@example.org".lower()
    before = site.count(SLUG)
    page = visit(js=js)
    page.goto("/")
    page.get_by_role("article").get_by_role("link", name="Sign the petition").first.click()
    sign(page, email)
    link = site.link(email, "Confirm your signature", "/confirm/")
    expect_count(page, before)

    for method in ("HEAD", "GET", "GET"):
        site.get(link, method=method)
    assert site.count(SLUG) == before

    page.goto(link)
    page.get_by_role("button", name="Yes, count my signature").click()
    expect(page.get_by_role("heading", name="Your signature counts")).to_be_visible()
    expect_count(page, before + 1)

    page.goto(site.link(email, "Your signature counts", "/signature/"))
    page.get_by_role("button", name="Withdraw my signature").click()
    expect(page.get_by_text("You have withdrawn your signature.")).to_be_visible()
    expect_count(page, before)
    assert site.count(SLUG) == before


def test_a_confirm_link_pressed_twice_counts_once(site, visit):
    before = site.count(SLUG)
    page = visit()
    page.goto(f"/petitions/{SLUG}/")
    sign(page, "twice@example.org")
    link = site.link("twice@example.org", "Confirm your signature", "/confirm/")
    for _ in range(2):
        page.goto(link)
        page.get_by_role("button", name="Yes, count my signature").click()
        expect(page.get_by_role("heading", name="Your signature counts")).to_be_visible()
    assert site.count(SLUG) == before + 1


@pytest.mark.parametrize(
    ("language", "last"),
    [("", "form.panel button"), ("/es", "form.panel [name=zip_code]")],
    ids=["English", "Spanish"],
)
def test_on_a_phone_the_ask_the_number_and_the_form_stand_on_the_first_screen(visit, language, last):
    """In Spanish, whose words are longer, as far as the last field that has to be filled in."""
    page = visit()
    page.goto(f"{language}/petitions/{SLUG}/")
    fields = [f"form.panel [name={name}]" for name in ("given_name", "family_name", "email", "zip_code")]
    parts = ["h1", ".lead", ".count", *fields, last]
    boxes = [page.locator(part).first.bounding_box() for part in parts]
    assert all(boxes)
    assert max(box["y"] + box["height"] for box in boxes if box) <= PHONE[1]
