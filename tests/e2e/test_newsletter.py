"""A whole issue as its editors make it, from the draft that wrote itself to the archive; readers get it and leave."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import go_to, sign_in, subscribe
from tests.e2e.browsing import DESKTOP
from tests.e2e.running import Site

pytestmark = pytest.mark.browser
SUBJECT = "Nine weeks at the table, and what you can do"
COLLEAGUE = ("colleague@example.org", "a long way to say a password")
DRAFT = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from members.newsletter import drafting
User.objects.create_superuser("colleague@example.org", "colleague@example.org", "a long way to say a password")
print(drafting.make_draft(day=timezone.localdate() + timedelta(days=13)).number)
"""


def join(page: Page, site: Site, email: str) -> str:
    """Subscribe and confirm; the link of the private page."""
    subscribe(page, email)
    page.goto(site.link(email, "Confirm", "/subscribe/confirm/"))
    page.get_by_role("button", name="Yes, send me the newsletter").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    return site.link(email, "Welcome", "/preferences/")


def write(staff: Page, number: str) -> None:
    """Open the draft that wrote itself, leave something out, give it a subject, look at it."""
    go_to(staff, "Issues")
    staff.get_by_role("link", name=re.compile(f"^No. {number}:")).click()
    expect(staff.get_by_text("What the picket line taught me").first).to_be_visible()
    staff.get_by_role("link", name="Edit subject and intro").click()
    staff.locator("#id_subject").fill(SUBJECT)
    staff.locator("#id_subject_es").fill("Nueve semanas en la mesa, y lo que usted puede hacer")
    staff.get_by_role("button", name=re.compile("^Save")).first.click()
    staff.get_by_role("link", name="Preview", exact=True).click()
    phone = staff.frame_locator("iframe[title^='Phone']")
    expect(phone.get_by_role("heading", name="What the picket line taught me")).to_be_visible()


def check(staff: Page, site: Site) -> str:
    """A test in each language, and the gate, until every link was looked at; the address of the page."""
    staff.goto(re.sub(r"preview/.*$", "sending/", staff.url))
    for language in ("English", "Spanish"):
        staff.get_by_label("Language").select_option(label=language)
        staff.get_by_role("button", name="Send a test").click()
        expect(staff.get_by_text(f"A test is on its way to {site.staff[0]}.")).to_be_visible()
    assert "[Test]" in site.letter(site.staff[0], SUBJECT)["Subject"]
    gate = staff.get_by_role("heading", name="Checked: it can go out")
    for _ in range(30):
        staff.reload()
        if gate.is_visible():
            break
        staff.wait_for_timeout(1000)
    expect(gate, staff.locator("#checks").inner_text()).to_be_visible()
    return staff.url


def approve(colleague: Page, page: str) -> None:
    """Somebody else reads it and says yes."""
    sign_in(colleague, *COLLEAGUE)
    colleague.goto(page)
    colleague.get_by_role("button", name="Approve").click()
    expect(colleague.get_by_text("Approved. It can now be scheduled.")).to_be_visible()


def send(staff: Page) -> None:
    """Press Send, stop it in time, and send it after all."""
    staff.reload()
    staff.get_by_role("button", name=re.compile("^Send in ")).click()
    staff.get_by_role("button", name="Stop").click()
    expect(staff.get_by_text("Nobody got it.")).to_be_visible()
    staff.get_by_role("button", name=re.compile("^Send in ")).click()
    expect(staff.get_by_text("Until then you can stop it.")).to_be_visible()
    expect(staff.get_by_role("heading", name="Sent", exact=True)).to_be_visible(timeout=60_000)


def leave(page: Page, site: Site, email: str) -> None:
    """By the link in the issue's words and its button."""
    page.goto(site.link(email, SUBJECT, "/unsubscribe/"))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()


def test_an_issue_from_the_draft_that_wrote_itself_to_the_archive(site, visit, staff):
    readers = {"reader@example.org": visit(), "plain-reader@example.org": visit(js=False)}
    private = {email: join(page, site, email) for email, page in readers.items()}
    number = site.run(DRAFT).strip()
    write(staff, number)
    page = check(staff, site)
    staff.get_by_role("button", name="Ask for a review").click()
    approve(visit(size=DESKTOP), page)
    send(staff)

    staff.get_by_label("E-mail address").fill("reader@example.org")
    staff.get_by_role("button", name="Look").click()
    expect(staff.get_by_text("Yes: the mail service took it on")).to_be_visible()
    for email, page_of_reader in readers.items():
        letter = site.letter(email, SUBJECT)
        unsubscribe = site.link(email, SUBJECT, "/unsubscribe/")
        assert letter["List-Unsubscribe"] == f"<{unsubscribe}>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        page_of_reader.goto("/newsletter/")
        page_of_reader.get_by_role("link", name=SUBJECT).click()
        expect(page_of_reader.get_by_role("heading", name="What the picket line taught me")).to_be_visible()
        leave(page_of_reader, site, email)
        page_of_reader.goto(private[email])
        expect(page_of_reader.get_by_role("button", name="Subscribe again")).to_be_visible()
        assert len(site.letters(email, SUBJECT)) == 1
