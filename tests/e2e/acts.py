"""What people do on the site, by the names of roles and labels that they see or hear."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import Pointer
from tests.e2e.running import Site
from tests.processes import wait_until

SLUG = "save-call-center-jobs"
GOAL = "5,000"  # the first step of the sample's ladder
YEAR = date.today().year


def sign(page: Page, email: str) -> None:
    """Fill in the petition's form and send it."""
    page.get_by_label("First name").fill("Dolores")
    page.get_by_label("Last name").fill("Huerta-Lind")
    page.get_by_role("main").get_by_label("E-mail").fill(email)
    page.get_by_label("ZIP code").fill("02139")
    Pointer().fill(page, "local", "Your local", "CWA Local 1400")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()


def register(page: Page, *, number: str, email: str) -> None:
    """Fill in the Week of Action's form and send it. With JavaScript it shows one step at a time."""
    hands = Pointer()
    hands.fill(page, "local_number", "Local number", number)
    hands.fill(page, "contact_name", "Your name", "Ruth Okafor")
    hands.fill(page, "contact_role", "Your role in the local", "president")
    hands.fill(page, "email", "E-mail", email)
    hands.fill(page, "phone", "Telephone", "202-555-0134")
    hands.fill(page, "members_count", "How many customer-service members does your local have?", "140")
    hands.check(page, "tasks", "Hold a petition drive")
    hands.fill(page, "ship_name", "Who will receive the box?", "Union hall")
    hands.fill(page, "ship_address1", "Street address", "501 3rd Street NW")
    hands.fill(page, "ship_city", "City", "Washington")
    page.get_by_label("State", exact=True).select_option("DC")
    hands.fill(page, "ship_zip", "ZIP code", "20001")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Register our local").click()
    expect(page.get_by_role("heading", name="Thank you. Now check your e-mail")).to_be_visible()


def subscribe(page: Page, email: str) -> None:
    """Join by the short form of the home page."""
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()


def expect_count(page: Page, count: int) -> None:
    """What the petition's page says, asked of the site and not of the browser's memory; it may be a second old."""
    page.goto(f"/petitions/{SLUG}/")
    words = page.locator(".petition .count__words")
    right = re.compile(rf"^\s*{count:,}\s+of\s+{GOAL}\s+signatures")

    def is_right() -> bool:
        page.reload()
        return bool(right.match(words.inner_text()))

    wait_until(is_right, 5, f"the count to be {count}")


def sign_in(page: Page, email: str, password: str) -> None:
    """Into the staff site."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(menu(page)).to_be_visible()


def menu(page: Page) -> Locator:
    """The staff site's navigation."""
    return page.get_by_role("navigation").first


def go_to(page: Page, name: str) -> None:
    """By the staff site's navigation, whose links begin with the name of an icon."""
    menu(page).get_by_role("link", name=re.compile(rf"\b{name}$")).click()


def do_with(page: Page, row: str, action: str) -> None:
    """In a list of the staff site: tick the row with these words, choose the action, run it."""
    page.get_by_role("row", name=row).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label=action)  # the theme gives it no label
    page.get_by_role("button", name="Run").click()


def confirmed_signature(site: Site, email: str, zip_code: str = "10001") -> str:
    """Somebody has signed and confirmed; the link of their private page."""
    site.post(f"/petitions/{SLUG}/sign/", given_name="Ana", family_name="Ruiz", email=email, zip_code=zip_code)
    site.post(site.link(email, "Confirm", "/confirm/"))
    return site.link(email, "Your signature counts", "/signature/")


def confirmed_reader(site: Site, email: str) -> str:
    """Somebody has subscribed and confirmed; the link of their private page."""
    site.post("/subscribe/", email=email)
    site.post(site.link(email, "Confirm", "/confirm/"))
    return site.link(email, "Welcome", "/preferences/")
