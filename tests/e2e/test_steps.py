"""The long form in short steps: it says at once what a field lacks, and the browser's own buttons go through it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import YEAR
from tests.e2e.hands import Pointer

pytestmark = pytest.mark.browser


def at_step(page: Page, number: int, of: int = 4) -> None:
    """The page shows this step and no other."""
    expect(page.get_by_text(f"Step {number} of {of}")).to_be_visible()
    expect(page.locator("fieldset[data-step]:visible")).to_have_count(1)


@pytest.fixture
def page(visit) -> Page:
    """Somebody who has come to the second step."""
    page = visit()
    page.goto(f"/week-of-action/{YEAR}/register/")
    page.get_by_label("Local number").fill("5123")
    page.get_by_role("button", name="Next").click()
    at_step(page, 2)
    return page


def test_what_is_missing_or_wrong_is_said_before_the_next_step(page):
    page.get_by_role("main").get_by_label("E-mail").fill("bad@@x")
    page.get_by_label("Telephone").fill("555-0134")
    page.get_by_role("button", name="Next").click()
    at_step(page, 2)
    expect(page.get_by_label("Your name", exact=True)).to_be_focused()
    errors = page.locator(".field__error:visible")
    assert errors.all_inner_texts() == [
        "Enter your name.",
        "This is not a complete e-mail address. It should look like name@example.org.",
        "Please give a telephone number with its area code, such as 202-555-0134.",
    ]
    page.get_by_label("Your name", exact=True).fill("Ada Reyes")
    page.get_by_role("main").get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Telephone").fill("(202) 555-0134 ext. 7")
    page.get_by_role("button", name="Next").click()
    at_step(page, 3)


def test_the_browsers_back_button_goes_a_step_back_and_forward_again(page):
    page.go_back()
    at_step(page, 1)
    expect(page.get_by_label("Local number")).to_have_value("5123")
    page.go_forward()
    at_step(page, 2)
    page.get_by_role("button", name="Back").click()
    at_step(page, 1)


def test_a_reload_stands_where_it_stood(page):
    page.reload()
    at_step(page, 2)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Local number")).to_have_value("5123")


def test_another_place_is_one_more_step_and_is_left_where_it_is_crossed_out(page):
    hands = Pointer()
    for name, label, value in (
        ("contact_name", "Your name", "Ada Reyes"), ("email", "E-mail", "ada@example.org"),
        ("phone", "Telephone", "202-555-0134"),
        ("members_count", "How many customer-service members does your local have?", "140"),
        ("ship_name", "Who will receive the box?", "Union hall"),
    ):  # fmt: skip
        hands.fill(page, name, label, value)
    at_step(page, 4)
    page.get_by_role("button", name="Add another place").click()
    at_step(page, 5, of=5)
    expect(page.get_by_role("heading", name="Another place")).to_be_visible()
    page.get_by_label("What do you call this place?").fill("North")
    page.get_by_role("button", name="Add another place").click()
    at_step(page, 6, of=6)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("What do you call this place?").first).to_have_value("North")
    page.get_by_role("button", name="Next").click()
    at_step(page, 5, of=6)  # it lacks its address
    page.get_by_label("No box goes here after all").first.check()
    page.get_by_role("button", name="Next").click()
    at_step(page, 6, of=6)
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Who will receive the box?").first).to_have_value("Union hall")
