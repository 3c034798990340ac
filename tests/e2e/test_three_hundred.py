"""Three hundred locals, from the form to the delivered box: a browser, workers, and the files in staff's hands."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.campaigns.tracking_numbers import ups_number
from tests.e2e.acts import sign_in
from tests.e2e.browsing import DESKTOP, PHONE
from tests.e2e.halls import officer_of, post_all, register_all
from tests.processes import wait_until

pytestmark = pytest.mark.browser
YEAR = 2001  # an older week than the one all pages show, so that no other test meets these locals there
LOCALS = range(41_001, 41_301)
UNKNOWN = 41_400  # not in the directory
BUTTONS = 60_000
BANNERS = 290  # ten too few
COLLEAGUE = ("checker@example.org", "a-word-nobody-else-has-7")
PATIENCE = 60  # seconds for what workers do

PREPARE = f"""
from datetime import date, timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from campaigns import kits
from campaigns.models import Item, KitRule, StockMove, WeekOfAction
from members.models import Local
today = date.today()
week = WeekOfAction.objects.create(
    year={YEAR}, theme="Three hundred boxes", intro="All at once.", published_at=timezone.now(), register_by=today,
    freeze_on=today, ship_by=today + timedelta(days=5), starts_on=today + timedelta(days=20),
    ends_on=today + timedelta(days=26), report_by=today + timedelta(days=40),
)
Local.objects.bulk_create(Local(number=str(number), city="Albany", state="NY", district="1") for number in
    range({LOCALS.start}, {LOCALS.stop}))
staff = User.objects.earliest("pk")
button = Item.objects.create(sku="three-hundred-button", name="Button", unit="button", pack_size=10, weight_grams=8)
banner = Item.objects.create(sku="three-hundred-banner", name="Banner", unit="banner", weight_grams=400)
KitRule.objects.create(week=week, item=button, kind="per-member", over_percent=5, rounds_to_pack=True)
KitRule.objects.create(week=week, item=banner, kind="per-local", amount=1)
for item, amount in ((button, {BUTTONS}), (banner, {BANNERS})):
    kits.move_stock(item=item, amount=amount, kind=StockMove.Kind.RECEIVED, key=f"prepare:{{item.pk}}", by=staff)
User.objects.create_superuser({COLLEAGUE[0]!r}, {COLLEAGUE[0]!r}, {COLLEAGUE[1]!r})
print(week.pk)
"""
BOXES = """
import json
from campaigns.models import Box
boxes = Box.objects.filter(registration__week=%s).prefetch_related("lines").order_by("code")
print(json.dumps({box.code: [line.pk for line in box.lines.all()] for box in boxes}))
"""
HEADINGS = """
import json
from campaigns.models import CarrierProfile
ups = CarrierProfile.objects.get(carrier="ups")
code = next(column[0] for column in ups.columns if column[1] == "code")
print(json.dumps([ups.name, code, ups.tracking_columns["code"], ups.tracking_columns["number"]]))
"""
LETTERS = """
import json
from collections import Counter
from members.models import Message
own = Message.objects.filter(to__regex=r"^officer41[0-4]\\d\\d@")
told = Counter(own.values_list("template", "status"))
print(json.dumps([[*key, count] for key, count in sorted(told.items())]))
"""
STOCK = """
import json
from django.db.models import Sum
from campaigns.models import BoxLine, Item
print(json.dumps({item.sku: [item.on_hand, BoxLine.objects.filter(item=item).aggregate(sum=Sum("quantity"))["sum"]]
                  for item in Item.objects.filter(sku__startswith="three-hundred")}))
"""


@dataclass(frozen=True)
class Ups:
    """The profile, and how the columns of its two files are headed."""

    name: str
    code: str
    code_back: str
    number_back: str


@dataclass
class Desk:
    """Two members of staff, and the site they work on."""

    site: object
    staff: Page
    colleague: Page
    week: int

    def letters(self) -> dict[str, int]:
        """How many of each letter have left to these locals."""
        return {
            template: count for template, status, count in json.loads(self.site.run(LETTERS)) if status == "accepted"
        }

    def wait_for_letters(self, template: str) -> None:
        wait_until(lambda: self.letters().get(template) == len(LOCALS), PATIENCE, f"{len(LOCALS)} of {template}")


@pytest.fixture
def desk(site, visit, staff) -> Desk:
    week = int(site.run(PREPARE))
    colleague = visit(size=DESKTOP)
    sign_in(colleague, *COLLEAGUE)
    colleague.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return Desk(site, staff, colleague, week)


def test_three_hundred_locals_from_the_form_to_the_delivered_box(desk, tmp_path):
    register(desk)
    approve(desk)
    set_aside(desk)
    boxes = freeze(desk)
    print_slips(desk, boxes, tmp_path)
    print_labels(desk, boxes, tmp_path)
    pack(desk, boxes)
    ups = Ups(*json.loads(desk.site.run(HEADINGS)))
    numbers = hand_over(desk, ups, boxes)
    ship(desk, ups, numbers, tmp_path)
    deliver(desk)
    told = desk.letters()
    once = ("registration_received", "registration_approved", "what_we_send", "box_shipped")
    assert {template: told[f"campaigns/{template}"] for template in once} == dict.fromkeys(once, len(LOCALS)) | {
        "registration_received": len(LOCALS) + 1
    }


def register(desk: Desk) -> None:
    """All answer the same; nobody waits for the letters, which come once to each."""
    path = f"/week-of-action/{YEAR}/register/"
    assert set(register_all(desk.site.address, path, [*LOCALS, UNKNOWN])) == {303}
    desk.site.letter(officer_of(LOCALS[0]), "We have the registration")


def approve(desk: Desk) -> None:
    """All at once, but for the one that must be asked."""
    desk.staff.goto(f"/admin/campaigns/registration/?week__id__exact={desk.week}")
    choose_all(desk.staff, len(LOCALS) + 1)
    run_action(desk.staff, "Approve")
    expect(desk.staff.get_by_role("heading", name="1 left out")).to_be_visible()
    desk.staff.get_by_role("button", name=f"Approve {len(LOCALS)} and write to them").click()
    expect(desk.staff.get_by_text(f"{len(LOCALS)} registrations approved.")).to_be_visible()


def set_aside(desk: Desk) -> None:
    """There are ten banners too few: said before anything is set aside, which then needs a reason."""
    desk.staff.goto("/admin/campaigns/wave/add/")
    desk.staff.get_by_label("Week").select_option(str(desk.week))
    desk.staff.get_by_role("button", name="Open a wave").click()
    expect(desk.staff.get_by_role("heading", name="There is too little of 1")).to_be_visible()
    expect(desk.staff.get_by_role("row", name=f"Banner {len(LOCALS)} {BANNERS} 10 {BANNERS}")).to_be_visible()
    desk.staff.get_by_text("What if?").click()
    desk.staff.get_by_label("Where there is too little").select_option("first-come")
    desk.staff.get_by_role("button", name="See what would be").click()
    desk.staff.get_by_role("button", name="Set the materials aside").click()
    expect(desk.staff.get_by_text("Say why, since not everybody gets all.")).to_be_visible()
    desk.staff.get_by_label("Why so").fill("The printer was late")
    desk.staff.get_by_role("button", name="Set the materials aside").click()
    expect(desk.staff.get_by_role("button", name="Give all of it back")).to_be_visible()


def freeze(desk: Desk) -> dict[str, list[int]]:
    """A box each; the numbers of its lines by its code."""
    desk.staff.goto(desk.staff.url.replace("/kits/", "/boxes/"))
    desk.staff.get_by_role("button", name="Freeze and write to the locals").click()
    expect(desk.staff.get_by_text(f"is frozen: {len(LOCALS)} boxes")).to_be_visible()
    boxes: dict[str, list[int]] = json.loads(desk.site.run(BOXES % desk.week))
    assert len(boxes) == len(LOCALS)
    assert Counter(map(len, boxes.values())) == {2: BANNERS, 1: len(LOCALS) - BANNERS}
    stock = json.loads(desk.site.run(STOCK))
    assert stock["three-hundred-banner"] == [0, BANNERS]
    assert sum(stock["three-hundred-button"]) == BUTTONS
    return boxes


def print_slips(desk: Desk, boxes: dict[str, list[int]], folder: Path) -> None:
    """One sheet a box, with its code; and what to bring from the shelf."""
    pages = [page.extract_text() for page in print_out(desk.staff, "slips", folder).pages]
    codes = [re.search(r"Box (\S+)", page)[1] for page in pages]
    assert sorted(codes) == sorted(boxes)
    assert all("Main Street" in page and "Button" in page for page in pages)
    assert sum("Banner" in page for page in pages) == BANNERS
    assert not any("COPY" in page for page in pages)
    picks = read(desk.staff, desk.staff.get_by_role("link", name="Pick list as a PDF"), folder)
    words = picks.pages[0].extract_text()
    assert f"{BANNERS} boxes" in words
    assert f"{len(LOCALS)} boxes" in words


def print_labels(desk: Desk, boxes: dict[str, list[int]], folder: Path) -> None:
    """Ten on a sheet; what is printed again says so."""
    for is_copy in (False, True):
        pages = [page.extract_text() for page in print_out(desk.staff, "5163", folder).pages]
        assert len(pages) == len(LOCALS) // 10
        told = "\n".join(pages)
        assert sorted(set(re.findall(r"\b01-\w{4}\b", told))) == sorted(boxes)
        assert told.count("COPY") == (len(LOCALS) if is_copy else 0)


def print_out(staff: Page, kind: str, folder: Path) -> PdfReader:
    """Asked for on the wave's page, drawn by a worker, opened; back on the wave's page afterwards."""
    staff.get_by_label("What").select_option(kind)
    staff.get_by_role("button", name="Print for all boxes").click()
    link = staff.get_by_role("link", name="Open the PDF")
    expect(link).to_be_visible(timeout=PATIENCE * 1000)
    opened = read(staff, link, folder)
    staff.get_by_role("link", name="The wave's boxes").click()
    return opened


def read(staff: Page, link: Locator, folder: Path) -> PdfReader:
    """The file behind a link."""
    file = folder / "print-out.pdf"
    file.write_bytes(staff.request.get(link.get_attribute("href")).body())
    return PdfReader(file)


def pack(desk: Desk, boxes: dict[str, list[int]]) -> None:
    """The first box by telephone, its code typed; who packed it cannot check it. The others by the same forms."""
    first, *others = boxes
    packer, checker = desk.staff, desk.colleague
    checker.goto("/admin/campaigns/box/table/")
    checker.get_by_label("Box").fill(first.lower())
    checker.keyboard.press("Enter")
    expect(checker.get_by_role("checkbox")).to_have_count(len(boxes[first]))
    for line in checker.get_by_role("checkbox").all():
        line.check()
    checker.get_by_role("button", name="It is packed").click()
    expect(checker.get_by_text("You packed it. A colleague checks it.")).to_be_visible()
    packer.goto(f"/admin/campaigns/box/pack/{first}/")
    packer.get_by_role("button", name="I have checked it").click()
    expect(packer.get_by_text(f"Box {first} is checked. It may leave.")).to_be_visible()
    ticked = [
        (
            f"/admin/campaigns/box/pack/{code}/",
            {"do": "packed", "line": boxes[code], **{f"in-{pk}": "on" for pk in boxes[code]}},
        )
        for code in others
    ]
    assert set(post_all(packer, desk.site.address, ticked)) == {303}
    looked = [(f"/admin/campaigns/box/pack/{code}/", {"do": "check"}) for code in others]
    assert set(post_all(checker, desk.site.address, looked)) == {303}


def hand_over(desk: Desk, ups: Ups, boxes: dict[str, list[int]]) -> dict[str, str]:
    """The carrier's file names each box once; the carrier answers with a number each."""
    desk.staff.goto(f"/admin/campaigns/box/?registration__week__id__exact={desk.week}&status__exact=checked")
    expect(desk.staff.locator("#changelist")).to_contain_text(f"{len(boxes)} boxes")
    wave = int(desk.site.run(f"from campaigns.models import Wave; print(Wave.objects.get(week={desk.week}).pk)"))
    desk.staff.goto(f"/admin/campaigns/carrierprofile/wave/{wave}/")
    desk.staff.get_by_label("Profile").select_option(label=ups.name)
    with desk.staff.expect_download() as file:
        desk.staff.get_by_role("button", name="Make the file").click()
    rows = list(csv.DictReader(io.StringIO(Path(file.value.path()).read_text())))
    assert sorted(row[ups.code] for row in rows) == sorted(boxes)
    assert {row["State"] for row in rows} == {"NY", "MA", "DC", "TX", "IL", "GA"}
    return {row[ups.code]: ups_number(at) for at, row in enumerate(rows)}


def ship(desk: Desk, ups: Ups, numbers: dict[str, str], folder: Path) -> None:
    """The carrier's file is tested, then taken in, once; each local hears of it by a letter."""
    file = folder / "tracking.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([(ups.code_back, ups.number_back), *numbers.items()])
    desk.staff.goto("/admin/campaigns/trackingfile/add/")
    desk.staff.get_by_label("Profile").select_option(label=ups.name)
    desk.staff.get_by_label("CSV file").set_input_files(file)
    desk.staff.get_by_role("button", name="Test this file").click()
    expect(desk.staff.get_by_text("ready to be taken in").first).to_be_visible()
    desk.staff.get_by_role("button", name="Take in what is ready").click()
    expect(desk.staff.get_by_text(f"Shipped: {len(LOCALS)}.")).to_be_visible()
    desk.wait_for_letters("campaigns/box_shipped")
    assert "1Z999AA300" in desk.site.link(officer_of(LOCALS[0]), "is on its way", "tracknum")


def deliver(desk: Desk) -> None:
    """All have arrived; the officer's private page says so."""
    desk.staff.goto(f"/admin/campaigns/box/?registration__week__id__exact={desk.week}&status__exact=shipped")
    choose_all(desk.staff, len(LOCALS))
    run_action(desk.staff, "Mark as delivered")
    expect(desk.staff.get_by_text(f"{len(LOCALS)} boxes marked as delivered.")).to_be_visible()
    officer = desk.colleague.context.new_page()
    officer.goto(desk.site.link(officer_of(LOCALS[-1]), "We have the registration", "/registration/"))
    expect(officer.get_by_text("Your box has arrived.")).to_be_visible()


def choose_all(page: Page, count: int) -> None:
    """Every row of a list, also of its other pages."""
    page.locator("#action-toggle").check()
    page.get_by_text(f"Select all {count}").click()


def run_action(page: Page, action: str) -> None:
    """With the rows that are ticked."""
    page.locator("select[name=action]").select_option(label=action)
    page.get_by_role("button", name="Run").click()
