"""A member sends in a story with a photo from a phone; staff and author bring it onto the site, each on their own."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import go_to
from tests.e2e.browsing import PHONE
from tests.pictures import photo

pytestmark = pytest.mark.browser
EMAIL = "night-shift@example.org"
TITLE = "The night shift answers"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_story_comes_from_a_phone_onto_the_site(site, visit, staff, has_scripts):
    email, title = (EMAIL, TITLE) if has_scripts else (f"plain-{EMAIL}", f"{TITLE}, plainly")
    page = visit(size=PHONE, js=has_scripts)
    page.goto("/news/")
    page.get_by_role("main").get_by_role("link", name="Send us your story").click()
    page.get_by_label("Title").fill(title)
    page.locator("[name=body]").fill("At three the phones go quiet.\n\nThen **one** rings.")
    page.locator("[name=photo]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(900, 600)).getvalue()}
    )
    page.get_by_label("What can be seen in the photo?").fill("Two people at a desk at night.")
    page.get_by_label("Everybody who can be seen").check()
    page.get_by_label("Your name").fill("Sam O'Neil")
    page.get_by_label("Your local").fill("CWA Local 1400")
    page.get_by_role("main").get_by_label("E-mail").fill(email)
    page.get_by_label("You may edit my story").check()
    page.get_by_role("button", name="Send my story").click()
    expect(page.get_by_role("heading", name="Thank you. Now check your e-mail")).to_be_visible()

    page.goto(site.link(email, "Please confirm your story", "/yours/"))
    page.get_by_role("button", name="Yes, it is mine. Send it").click()
    expect(page.get_by_text("Our staff have your story.")).to_be_visible()

    go_to(staff, "Member posts")
    staff.get_by_role("link", name=title, exact=True).click()
    staff.get_by_label("Summary").fill("What three in the morning sounds like.")
    staff.get_by_role("button", name="Save and send to the author for approval").click()
    expect(staff.get_by_text("The author gets a letter with the link to the final text.")).to_be_visible()

    page.goto(site.link(email, "Please approve", "/yours/"))
    expect(page.get_by_text("What three in the morning sounds like.")).to_be_visible()
    page.get_by_role("button", name="I approve this text").click()
    expect(page.get_by_text("Thank you.").first).to_be_visible()

    staff.reload()
    staff.get_by_role("button", name="Publish").click()
    expect(staff.get_by_text("Published. The author gets a letter")).to_be_visible()

    page.goto(site.link(email, "Published:", "/news/the-night-shift"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("Sam O'Neil, CWA Local 1400").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Two people at a desk"))).to_be_visible()
