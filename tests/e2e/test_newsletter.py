"""An issue goes to its readers: they subscribe on a phone, staff send it at a desk, they leave by its visible link."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import go_to, subscribe
from tests.e2e.running import Site

pytestmark = pytest.mark.browser
SUBJECT = "Your three minutes for call-center jobs, and other news"


def join(page: Page, site: Site, email: str) -> str:
    """Subscribe and confirm; the link of the private page."""
    subscribe(page, email)
    page.goto(site.link(email, "Confirm", "/subscribe/confirm/"))
    page.get_by_role("button", name="Yes, send me the newsletter").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    return site.link(email, "Welcome", "/preferences/")


def send(staff: Page, site: Site) -> None:
    """What staff do with a draft: a look at it, a test to themselves, the button."""
    go_to(staff, "Issues")
    staff.get_by_role("link", name=SUBJECT).click()
    staff.get_by_role("link", name="Preview").click()
    phone = staff.frame_locator("iframe[title='Phone, English']")
    expect(phone.get_by_role("heading", name="National call-in day")).to_be_visible()
    staff.get_by_role("link", name="Send a test or the issue").click()
    staff.get_by_role("button", name="Send a test").click()
    expect(staff.get_by_text(f"A test is on its way to {site.staff[0]}.")).to_be_visible()
    assert "[Test]" in site.letter(site.staff[0])["Subject"]
    staff.get_by_role("button", name="Send to ").click()


def leave(page: Page, site: Site, email: str) -> None:
    """By the link in the issue's words and its button."""
    page.goto(site.link(email, SUBJECT, "/unsubscribe/"))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()


def test_an_issue_reaches_its_readers_who_may_leave(site, visit, staff):
    readers = {"reader@example.org": visit(), "plain-reader@example.org": visit(js=False)}
    private = {email: join(page, site, email) for email, page in readers.items()}
    send(staff, site)
    expect(staff.get_by_role("heading", name="Sent", exact=True)).to_be_visible(timeout=20_000)

    for email, page in readers.items():
        letter = site.letter(email, SUBJECT)
        unsubscribe = site.link(email, SUBJECT, "/unsubscribe/")
        assert letter["List-Unsubscribe"] == f"<{unsubscribe}>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        page.goto("/newsletter/")
        page.get_by_role("link", name=SUBJECT).click()
        expect(page.get_by_role("heading", name="National call-in day")).to_be_visible()
        leave(page, site, email)
        page.goto(private[email])
        expect(page.get_by_role("link", name="Subscribe again")).to_be_visible()
        assert len(site.letters(email, SUBJECT)) == 1
