"""Forms that are refused: the page says so first, leads to each field, and keeps what was typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import SLUG, YEAR
from tests.e2e.hands import Pointer

pytestmark = pytest.mark.browser
WITH_AND_WITHOUT = pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
FORMS = {  # address, button, and what the summary asks for by the label of its field
    "petition": (
        f"/petitions/{SLUG}/",
        "Sign",
        {
            "First name": "Enter your first name.",
            "Last name": "Enter your last name.",
            "E-mail": "Enter your e-mail address.",
            "ZIP code": "Enter your ZIP code.",
        },
    ),
    "newsletter": ("/subscribe/", "Subscribe", {"E-mail": "Enter your e-mail address."}),
    "week": (
        f"/week-of-action/{YEAR}/register/",
        "Check your answers",
        {
            "Local number": "Enter your local's number, such as 1101.",
            "Your name": "Enter your name.",
            "E-mail": "Enter your e-mail address.",
            "Telephone": "Enter a telephone number, in case we have a question.",
            "How many customer-service members does your local have?": (
                "Enter how many members to pack for; a good guess will do."
            ),
            "Who will receive the box?": "Enter who will receive the box.",
            "Street address": "Enter the street address that the box goes to.",
            "City": "Enter the city.",
            "State": "Choose a state.",
            "ZIP code": "Enter the ZIP code.",
        },
    ),
}


def press(page: Page, button: str) -> int:
    """Press the form's button; the status of the page that answers.

    A long form shows it only after its last step, so there the form is sent as if by a visitor whose JavaScript broke.
    """
    found = page.get_by_role("button", name=button, exact=True, include_hidden=True)
    with page.expect_navigation() as navigation:
        if found.is_visible():
            found.click()
        else:
            found.evaluate("button => HTMLFormElement.prototype.submit.call(button.form)")
    return navigation.value.status


@WITH_AND_WITHOUT
@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_leads_to_each_field(visit, js, name):
    address, button, required = FORMS[name]
    page = visit(js=js)
    page.goto(address)
    assert press(page, button) == 422
    assert page.title().startswith("Error:")
    summary = page.get_by_role("alert", name="There is a problem")
    if js:
        expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    assert links.all_text_contents() == list(required.values())
    for number, label in enumerate(required):
        links.nth(number).click()
        field = page.get_by_role("main").get_by_label(label, exact=True)
        expect(field).to_be_focused()
        expect(
            page.locator("main .field", has=page.get_by_label(label, exact=True)).get_by_text(required[label])
        ).to_be_in_viewport()


@WITH_AND_WITHOUT
def test_what_was_typed_is_still_there(visit, js):
    page = visit(js=js)
    page.goto(f"/petitions/{SLUG}/")
    page.get_by_label("First name").fill("Dolores")
    page.get_by_role("main").get_by_label("E-mail").fill("no address")
    page.get_by_label("ZIP code").fill("0213")
    Pointer().fill(page, "comment", "Why this matters to you", "My center\nis next.")
    page.get_by_label("Send me the newsletter").check()
    assert press(page, "Sign") == 422
    expect(page.get_by_label("First name")).to_have_value("Dolores")
    expect(page.get_by_role("main").get_by_label("E-mail")).to_have_value("no address")
    expect(page.get_by_label("ZIP code")).to_have_value("0213")
    expect(page.get_by_label("Why this matters to you")).to_have_value("My center\nis next.")
    expect(page.get_by_label("Send me the newsletter")).to_be_checked()
    links = page.get_by_role("alert").get_by_role("link").all_text_contents()
    assert [words.partition(" – ")[0] for words in links] == ["Enter your last name.", "E-mail", "ZIP code"]
