"""A local registers on a phone; staff approve, pack and ship at a desk; the local hears of it, once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import YEAR, do_with, go_to, register
from tests.e2e.browsing import Visit
from tests.e2e.hands import Keyboard, tab_to
from tests.e2e.running import Site

pytestmark = pytest.mark.browser
NARROW = (360, 740)
TWO_OF_A_CITY = """INSERT INTO members_local (affiliate, number, name, district, city, state)
VALUES ('CWA', '7421', '', '4', 'Zanesville', 'OH'), ('CWA', '7422', '', '4', 'Zanesville', 'OH')"""
TRACKING = {True: "1Z999AA10123456784", False: "1Z999AA10123456795"}


def find(staff: Page, number: str) -> None:
    """The list of registrations, with this local's alone: other tests register hundreds."""
    go_to(staff, "Registrations")
    staff.locator("#searchbar").fill(number)
    staff.locator("#searchbar").press("Enter")
    expect(staff.get_by_role("row", name=f"CWA Local {number}")).to_be_visible()


def approve(staff: Page, local: str) -> None:
    """From its own page: a local that is not in the directory is left out where many are approved at once."""
    staff.get_by_role("row", name=local).get_by_role("link", name=local).first.click()
    staff.get_by_role("button", name="Save and approve").click()
    expect(staff.get_by_text("1 registration approved.")).to_be_visible()
    find(staff, local.removeprefix("CWA Local "))


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

    find(staff, local.removeprefix("CWA Local "))
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
    find(staff, local.removeprefix("CWA Local "))
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


def on_keys(page: Page, **fields: str) -> None:
    """Type into fields by the keyboard, in the order in which they stand; `ship_state` and the like are chosen."""
    for name, value in fields.items():
        Keyboard().fill(page, name, "", value)


def enter(page: Page, selector: str) -> None:
    """Tab to it and press Enter; what comes is no wider than the screen."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_a_local_registers_on_a_small_phone_by_keyboard_without_javascript_in_spanish(site: Site, visit: Visit):
    site.sql(TWO_OF_A_CITY)
    week, email = f"/es/week-of-action/{YEAR}/", "zanesville@example.org"
    page = visit(js=False, size=NARROW)
    page.goto(week)
    enter(page, f"main a[href='{week}register/']")
    on_keys(page, local_number="Zanesville", contact_name="Rut Ocampo", email=email, phone="202-555-0134")
    on_keys(page, members_count="140", ship_name="Sede", ship_address1="501 Main Street", ship_city="Zanesville")
    on_keys(page, ship_state="Ohio", ship_zip="43701")
    enter(page, "main form button[value=place]")
    on_keys(page, place2_label="Centro norte", place2_members_count="40", place2_name="Lee Park")
    on_keys(page, place2_address1="RR 2", place2_address2="Box 152", place2_city="Zanesville", place2_state="Ohio")
    on_keys(page, place2_zip_code="43701")
    enter(page, "main form button[value=review]")

    enter(page, "main form button[value='CWA:7422']")

    main = page.get_by_role("main")
    expect(main.get_by_text("CWA Local 7422, Zanesville, OH")).to_be_visible()
    expect(main.get_by_role("heading", name="Centro norte")).to_be_visible()
    expect(main.get_by_text("Una ruta rural")).to_be_visible()  # the address coach asks
    enter(page, "main form button:not([name])")

    expect(page).to_have_url(f"{site.address}{week}registered/")
    page.goto(site.link(email, "Recibimos el registro", "/es/registration/"))
    expect(main.get_by_role("heading", name="CWA Local 7422")).to_be_visible()
    for words in ("501 MAIN ST", "Centro norte", "Box 152", "40 miembros"):
        expect(main.get_by_text(words).first).to_be_visible()
