"""A local registers on a phone; staff approve, pack and ship at a desk; the local hears of it, once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import YEAR, do_with, go_to, register
from tests.e2e.running import Site

pytestmark = pytest.mark.browser
TRACKING = {True: "1Z999AA10123456784", False: "1Z999AA10123456795"}


def approve(staff: Page, local: str) -> None:
    """From its own page: a local that is not in the directory is left out where many are approved at once."""
    staff.get_by_role("row", name=local).get_by_role("link", name=local).first.click()
    staff.get_by_role("button", name="Save and approve").click()
    expect(staff.get_by_text("1 registration approved.")).to_be_visible()
    go_to(staff, "Registrations")


def open_box(staff: Page, local: str) -> None:
    """From the list of boxes to the form that says how the local's box left."""
    go_to(staff, "Boxes")
    staff.get_by_role("row", name=local).get_by_role("link").first.click()
    staff.get_by_role("link", name="Mark as shipped").click()


def ship(staff: Page, tracking: str) -> None:
    """On that form."""
    staff.get_by_label("Carrier").select_option(label="UPS")
    staff.get_by_label("Tracking number").fill(tracking)
    staff.get_by_role("button", name="Mark as shipped").click()


def letters_about_the_box(site: Site, email: str) -> int:
    """How many were ever written down to be sent, whether they have left or not."""
    rows = f"Message.objects.filter(to='{email}', template='campaigns/box_shipped')"
    return int(site.run(f"from members.models import Message; print({rows}.count())"))


@pytest.mark.parametrize(("js", "number"), [(True, "1101"), (False, "9423")], ids=["with JavaScript", "without"])
def test_a_local_registers_and_follows_its_box(site, visit, staff, js, number):
    email, local, tracking = f"local{number}@example.org", f"CWA Local {number}", TRACKING[js]
    page = visit(js=js)
    page.goto("/")
    page.get_by_role("article").get_by_role("link", name="Register your local").first.click()
    register(page, number=number, email=email)
    private = site.link(email, "We have the registration", "/registration/")
    page.goto(private)
    expect(page.get_by_text("We have your registration.")).to_be_visible()

    go_to(staff, "Registrations")
    approve(staff, local)
    do_with(staff, local, "Create boxes")
    expect(staff.get_by_text("1 box created.")).to_be_visible()
    site.letter(email, f"takes part in the Week of Action {YEAR}")
    open_box(staff, local)
    ship(staff, tracking)
    expect(staff.get_by_text("gets a letter.")).to_be_visible()

    assert tracking in str(site.letter(email, "is on its way"))
    page.goto(private)
    expect(page.get_by_text("Your box is on its way.")).to_be_visible()
    expect(page.get_by_role("link", name=tracking)).to_be_visible()


def test_two_colleagues_ship_one_box_and_the_local_is_told_once(site, visit, staff):
    email, local = "twice@example.org", "CWA Local 7777"
    page = visit()
    page.goto(f"/week-of-action/{YEAR}/register/")
    register(page, number="7777", email=email)
    go_to(staff, "Registrations")
    approve(staff, local)
    do_with(staff, local, "Create boxes")
    colleague = staff.context.new_page()
    colleague.goto("/admin/")
    for each in (staff, colleague):
        open_box(each, local)
    ship(staff, "1Z999AA10123456806")
    expect(staff.get_by_text("gets a letter.")).to_be_visible()
    ship(colleague, "1Z999AA10123456817")
    expect(colleague.get_by_text("has left already")).to_be_visible()
    assert "1Z999AA10123456806" in str(site.letter(email, "is on its way"))
    assert letters_about_the_box(site, email) == len(site.letters(email, "is on its way")) == 1
