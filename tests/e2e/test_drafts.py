"""What is typed into the long form stays in the browser until it was sent, for three days, and no longer."""

import json
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import YEAR, register
from tests.pictures import photo

pytestmark = pytest.mark.browser
FORM = f"/week-of-action/{YEAR}/register/"
KEPT = "JSON.stringify(Object.keys(localStorage).filter((key) => key.startsWith('draft:')))"
NOTICE = "We kept what you typed last time."


def drafts(page: Page) -> list[str]:
    """The names of what the browser keeps."""
    found: list[str] = json.loads(page.evaluate(KEPT))
    return found


def type_number(page: Page, number: str) -> None:
    page.goto(FORM)
    page.locator("[name=local_number]").press_sequentially(number)


def test_what_was_typed_is_there_again_in_both_languages(visit):
    page = visit()
    type_number(page, "4321")
    page.goto("/privacy/")
    for address in (FORM, f"/es{FORM}"):
        page.goto(address)
        expect(page.locator("[name=local_number]")).to_have_value("4321")
        expect(page.locator("[data-draft]")).to_be_visible()


def test_once_it_was_sent_nothing_is_kept_also_not_by_going_back(visit):
    page = visit()
    page.goto(FORM)
    register(page, number="4322", email="drafts@example.org")
    assert drafts(page) == []
    page.go_back()
    page.goto("/privacy/")
    assert drafts(page) == []
    page.goto(FORM)
    expect(page.get_by_text(NOTICE)).to_be_hidden()


def test_any_page_throws_away_what_is_older_than_three_days(visit):
    page = visit()
    type_number(page, "4323")
    page.goto("/privacy/")
    assert len(drafts(page)) == 1
    page.clock.install(time=time.time() + 3 * 24 * 3600 + 60)
    page.goto("/newsletter/")
    assert drafts(page) == []


def test_emptied_by_hand_or_by_the_button_nothing_is_kept(visit):
    page = visit()
    type_number(page, "4324")
    page.locator("[name=local_number]").fill("")
    page.goto("/privacy/")
    assert drafts(page) == []

    type_number(page, "4325")
    page.goto(FORM)
    page.get_by_role("button", name="Delete it and start over").click()
    expect(page.locator("[name=local_number]")).to_have_value("")
    page.goto("/privacy/")
    assert drafts(page) == []


def test_a_story_is_kept_but_for_its_photo_and_a_refused_form_shows_what_was_sent(visit):
    page = visit()
    page.goto("/news/submit/")
    page.get_by_label("Title").press_sequentially("Nights")
    upload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo().getvalue()}
    page.locator("[name=photo]").set_input_files(upload)
    page.goto("/privacy/")
    page.goto("/news/submit/")
    expect(page.get_by_text(NOTICE)).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Nights")
    assert page.locator("[name=photo]").evaluate("field => field.files.length") == 0

    page.get_by_label("Title").fill("Days")
    page.locator("[name=photo]").set_input_files(upload)
    page.get_by_role("button", name="Send my story").click()
    expect(page.get_by_text("Please choose the photo once more.").first).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Days")
    expect(page.get_by_text(NOTICE)).to_be_hidden()
    page.get_by_label("Your story").last.fill("We counted cars.")
    page.get_by_label("Your name").fill("Ruth Okafor")
    page.get_by_label("Your local").fill("CWA Local 1101")
    page.get_by_role("main").get_by_label("E-mail").fill("drafts-story@example.org")
    page.get_by_label("You may edit my story").check()
    page.get_by_role("button", name="Send my story").click()
    expect(page.get_by_role("heading", name="Thank you. Now check your e-mail")).to_be_visible()
    assert drafts(page) == []


def test_a_form_whose_sending_was_stopped_can_be_sent_again(visit):
    page = visit()
    page.clock.install()
    page.goto("/subscribe/")
    page.locator("form.panel [name=email]").fill("again@example.org")
    button = page.locator("form.panel button")
    page.route("**/subscribe/", lambda route: route.abort("aborted"))  # as the browser's own button for it does
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    page.unroute("**/subscribe/")
    page.clock.fast_forward(10_000)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
