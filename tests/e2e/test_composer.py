"""An editor puts an issue together in the browser: from the draft that wrote itself to its previews."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import go_to, sign_in
from tests.e2e.browsing import DESKTOP

pytestmark = pytest.mark.browser

# A day of the calendar that no other test uses, with its draft: an update and a member's story among what is in it.
DRAFT = """
from datetime import date, timedelta
from members.models import Issue, IssueItem, Subscription
from members.newsletter import drafting
from tests.members.factories import PostFactory, SubscriptionFactory
words = {{"title": "Schedules won at {name}", "summary": "After nine rounds.", "slug": "composer-{name}"}}
post = PostFactory(kind="bargaining", employer="Frontier", **words)
issue = drafting.make_draft(day=date(2031, {month}, 1))
reader = {{"email": "composer-{name}@example.org", "language": "es", "given_name": "Composer"}}
SubscriptionFactory(**{{f"person__{{field}}": value for field, value in reader.items()}})
print(issue.pk, IssueItem.objects.get(issue=issue, post=post).pk)
"""


def draft(site, name: str, month: int) -> tuple[str, str]:
    """The addresses of a new draft's composer and of the item that is about Frontier."""
    issue, item = site.run(DRAFT.format(name=name, month=month)).split()
    compose = f"/admin/members/issue/{issue}/compose/"
    return compose, f"{compose}item/{item}/"


def editor(page: Page, name: str) -> Locator:
    """The box in which rich text is typed, once the editor stands in the place of the plain field."""
    return page.get_by_role("textbox", name=name, exact=True).and_(page.locator("[contenteditable=true]"))


def brightness(frame: Locator) -> float:
    """Of a frame's ground, from 0 for black to 255 for white."""
    colour = frame.content_frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    numbers = [float(part) for part in colour.strip("rgba()").split(",")[:3]]
    return sum(numbers) / 3


def test_words_typed_in_two_languages_are_in_the_letter(site, staff):
    compose, _ = draft(site, "typed", 1)
    go_to(staff, "Issues")
    staff.locator(f"a[href='{compose}']").click()
    staff.get_by_role("link", name="Edit Schedules won at typed").click()
    staff.get_by_label("Heading", exact=True).fill("Schedules, at last")
    staff.get_by_label("Heading in Spanish").fill("Horarios, por fin")
    editor(staff, "Text, English").click()
    staff.keyboard.type("Everybody knows a month ahead. ")
    staff.keyboard.press("Control+b")
    staff.keyboard.type("All of us.")
    editor(staff, "Text, Spanish").click()
    staff.keyboard.type("Con un mes de aviso.")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_text("Saved.")).to_be_visible()
    expect(staff.get_by_text("Everybody knows a month ahead. All of us.")).to_be_visible()

    staff.get_by_role("link", name="Preview").first.click()
    letter = staff.frame_locator("iframe[title='Phone, English']")
    expect(letter.get_by_role("heading", name="Schedules, at last")).to_be_visible()
    expect(letter.locator("strong", has_text="All of us.")).to_be_visible()
    expect(staff.get_by_label("Read aloud, English").get_by_text("Schedules, at last", exact=True)).to_be_visible()
    staff.get_by_label("Language").select_option(label="Spanish")
    staff.get_by_role("button", name="Show", exact=True).click()
    expect(staff.frame_locator("iframe[title='Desktop, Spanish']").get_by_text("Con un mes de aviso.")).to_be_visible()
    expect(staff.get_by_label("Plain text, Spanish")).to_contain_text("Horarios, por fin")


def test_the_dark_preview_is_dark_and_the_others_light_on_any_screen(site, staff):
    compose, _ = draft(site, "dark", 2)
    for scheme in ("light", "dark"):
        staff.emulate_media(color_scheme=scheme)
        staff.goto(compose.replace("/compose/", "/preview/"))
        assert brightness(staff.locator("iframe[title='Dark, English']")) < 60
        assert brightness(staff.locator("iframe[title='Phone, English']")) > 200


def test_as_a_reader_it_is_their_letter(site, staff):
    compose, _ = draft(site, "reader", 3)
    staff.goto(compose.replace("/compose/", "/preview/"))
    staff.get_by_label("As a reader").fill("Composer-Reader@example.org")
    staff.get_by_role("button", name="Show as this reader").click()
    expect(staff.get_by_text("composer-reader@example.org")).to_be_visible()
    expect(staff.locator("iframe[title='Phone, Spanish']")).to_be_visible()
    assert "example.org" not in staff.url
    staff.get_by_role("button", name="As anybody").click()
    expect(staff.get_by_text("would get it now")).to_be_visible()


def test_an_item_is_left_out_and_taken_back_and_pinned(site, staff):
    compose, _ = draft(site, "arranged", 4)
    staff.goto(compose)
    staff.get_by_role("button", name="Leave out Schedules won at arranged").click()
    expect(staff.get_by_role("region", name="Left out")).to_contain_text("Schedules won at arranged")
    staff.get_by_role("button", name="Make the draft anew").click()
    expect(staff.get_by_role("region", name="Left out")).to_contain_text("Schedules won at arranged")
    staff.get_by_role("button", name="Take back Schedules won at arranged").click()
    staff.get_by_role("button", name="Pin Schedules won at arranged", exact=True).click()
    expect(staff.get_by_role("button", name="Unpin Schedules won at arranged")).to_be_visible()


def test_of_two_editors_the_slower_one_sees_both_versions_and_loses_nothing(site, staff, visit):
    _, item = draft(site, "both", 5)
    other = visit(size=DESKTOP)
    sign_in(other, *site.staff)
    for page in (staff, other):
        page.goto(item)
    staff.get_by_label("Heading", exact=True).fill("The faster one")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_text("Saved.")).to_be_visible()
    other.get_by_label("Heading", exact=True).fill("The slower one")
    editor(other, "Text, English").click()
    other.keyboard.type("Typed with care.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("heading", name="changed this meanwhile")).to_be_visible()
    expect(other.get_by_text("The faster one").first).to_be_visible()
    expect(other.get_by_label("Heading", exact=True)).to_have_value("The slower one")
    expect(editor(other, "Text, English")).to_contain_text("Typed with care.")
    other.get_by_role("button", name="Save mine in its place").click()
    expect(other.get_by_text("Saved.")).to_be_visible()


def test_readers_are_counted_before_an_item_is_for_some_only(site, staff):
    _, item = draft(site, "counted", 6)
    staff.goto(item)
    expect(staff.get_by_label("Which ones")).to_be_hidden()
    staff.get_by_label("Readers").select_option(label="people in these states")
    staff.get_by_label("Which ones").fill("Texas")
    staff.get_by_role("button", name="Count them").click()
    expect(staff.get_by_text("Texas is no state.")).to_be_visible()
    staff.get_by_label("Which ones").fill("GU")
    staff.get_by_role("button", name="Count them").click()
    expect(staff.get_by_role("status").filter(has_text="people would see it now")).to_contain_text("0")
