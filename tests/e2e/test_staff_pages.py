"""Our own pages of the staff site, and its lists with many rows: accessible but for what the theme itself brings."""

import pytest
from playwright.sync_api import Page

from tests.e2e.acts import sign_in
from tests.e2e.browsing import DESKTOP, Visitors
from tests.e2e.looking import COLOURS, EVERY_RULE, violations
from tests.e2e.pages import DELIVERED

pytestmark = pytest.mark.browser
PAGES = {
    "dashboard": "/admin/",
    "people": "/admin/members/person/",
    "locals": "/admin/members/local/",
    "mail domains": "/admin/members/maildomain/",
    "subscriptions": "/admin/members/subscription/",
    "imports": "/admin/members/subscriberimport/",
    "an import, the upload": "/admin/members/subscriberimport/add/",
    "an import, looked through": "/admin/members/subscriberimport/{list}/change/",
    "exports": "/admin/members/subscriberexport/",
    "an export, the filter": "/admin/members/subscriberexport/add/",
    "an export": "/admin/members/subscriberexport/{file}/change/",
    "domain doctor": "/admin/members/domaincheck/",
    "posts": "/admin/members/post/",
    "member posts": "/admin/members/submission/",
    "a member's post": "/admin/members/submission/{story}/change/",
    "issues": "/admin/members/issue/",
    "letters": "/admin/members/message/",
    "an issue": "/admin/members/issue/{draft}/change/",
    "composer": "/admin/members/issue/{draft}/compose/",
    "composer, subject and intro": "/admin/members/issue/{draft}/compose/words/",
    "composer, a section": "/admin/members/issue/{draft}/compose/section/",
    "composer, an item": "/admin/members/issue/{draft}/compose/item/{item}/",
    "composer, add a post": "/admin/members/issue/{draft}/compose/add/",
    "composer, who sees what": "/admin/members/issue/{draft}/compose/readers/",
    "composer, frozen": "/admin/members/issue/{sent}/compose/",
    "preview": "/admin/members/issue/{draft}/preview/",
    "sending, a draft": "/admin/members/issue/{draft}/sending/",
    "sending, sent": "/admin/members/issue/{sent}/sending/",
    "weeks": "/admin/campaigns/weekofaction/",
    "registrations": "/admin/campaigns/registration/",
    "changes that locals asked for": "/admin/campaigns/changerequest/",
    "what is missing": "/admin/campaigns/arrival/",
    "registrations that need attention": "/admin/campaigns/registration/attention/",
    "a registration": "/admin/campaigns/registration/{registration}/change/",
    "a registration, found in the directory": "/admin/campaigns/registration/{registration}/match/",
    "calls to make": "/admin/campaigns/registration/calls/",
    "locals not yet in": "/admin/campaigns/registration/not-in/",
    "a week, the next year": "/admin/campaigns/weekofaction/{week}/next-year/",
    "a week, last year's locals": "/admin/campaigns/weekofaction/{week}/invite/",
    "a week, its quantities": "/admin/campaigns/weekofaction/{week}/quantities/",
    "a week, what it came to": "/admin/campaigns/weekofaction/{week}/after-action/",
    "reports of locals": "/admin/campaigns/report/",
    "districts of staff": "/admin/campaigns/staffdistricts/",
    "boxes": "/admin/campaigns/box/",
    "boxes, will they arrive in time": "/admin/campaigns/box/in-time/",
    "ship a box": "/admin/campaigns/box/{box}/ship/",
    "items": "/admin/campaigns/item/",
    "an item": "/admin/campaigns/item/{item_kind}/change/",
    "stock of an item": "/admin/campaigns/item/{item_kind}/stock/",
    "the week of the materials": "/admin/campaigns/weekofaction/{old_week}/change/",
    "waves": "/admin/campaigns/wave/",
    "open a wave": "/admin/campaigns/wave/add/",
    "a wave's materials, what if": "/admin/campaigns/wave/{opened}/kits/",
    "a wave's materials, set aside": "/admin/campaigns/wave/{set_aside}/kits/",
    "a wave's materials, by hand": "/admin/campaigns/wave/{frozen}/kits/?line={line}",
    "a wave's boxes, before the freeze": "/admin/campaigns/wave/{set_aside}/boxes/",
    "a wave's boxes": "/admin/campaigns/wave/{frozen}/boxes/",
    "to order from the printer": "/admin/campaigns/wave/order/{old_week}/",
    "pack a box, its code": "/admin/campaigns/box/table/",
    "pack a box": "/admin/campaigns/box/pack/{code_of_box}/",
    "print-outs": "/admin/campaigns/printrun/",
    "a print-out": "/admin/campaigns/printrun/{print_out}/change/",
    "carriers": "/admin/campaigns/carrierprofile/",
    "a carrier": "/admin/campaigns/carrierprofile/{carrier}/change/",
    "a carrier's file": "/admin/campaigns/carrierprofile/wave/{frozen}/",
    "tracking files": "/admin/campaigns/trackingfile/",
    "test a tracking file": "/admin/campaigns/trackingfile/add/",
    "a tracking file, tested": "/admin/campaigns/trackingfile/{tracking}/change/",
    "reports": "/admin/campaigns/report/",
    "a report": "/admin/campaigns/report/{report}/change/",
    "petitions": "/admin/petitions/petition/",
    "signatures": "/admin/petitions/signature/",
    "legislators": "/admin/petitions/legislator/?sitting=yes",
    "districts": "/admin/petitions/district/",
    "a ZIP code, looked up": "/admin/petitions/district/look-up/?zip_code=90210",
    "redrawn states": "/admin/petitions/redrawing/",
    "referrals": "/admin/petitions/referral/",
    "whip board": "/admin/petitions/delivery/whip/{petition}/",
    "a member on the whip board": "/admin/petitions/delivery/whip/{petition}/{member}/",
    "packets": "/admin/petitions/packet/",
    "a packet": "/admin/petitions/packet/{packet}/change/",
    "rounds of packets": "/admin/petitions/packetrun/",
    "a round of packets": "/admin/petitions/packetrun/{round}/change/",
    "deliveries": "/admin/petitions/delivery/",
    "a delivery": "/admin/petitions/delivery/{delivery}/change/",
    "paper sheets": "/admin/petitions/papersheet/",
    "a sheet that came back": "/admin/petitions/papersheet/add/",
    "a sheet, its rows": "/admin/petitions/papersheet/{sheet}/change/",
    "a petition, how districts are known": "/admin/petitions/petition/{petition}/districts/",
    "a petition, when its signers are forgotten": "/admin/petitions/petition/{petition}/forgetting/",
    "a bill, moving its petitions": "/admin/petitions/measure/{bill}/successor/",
}
KEYS = """
import io
from datetime import date
from django.contrib.auth.models import User
from campaigns.models import Box
from members import domain_doctor, exporting, importing, newsletter
from members.models import Issue, Post, Submission
from petitions.models import Petition
words = {"subject": "What we plan", "intro": "<p>Dear friends,</p>"}
draft, is_new = Issue.objects.get_or_create(number=91, defaults=words)
if is_new:
    newsletter.add_post(issue=draft, post=Post.objects.first())
sent, box = Issue.objects.get(number=90), Box.objects.filter(status="planned").first()
staff = User.objects.earliest("pk")
consent = importing.Consent(source="October meeting", on=date(2025, 10, 14), wording="Send me the newsletter.")
lines = io.BytesIO(b"email,name,zip\\nstaff-pages@example.org,Ana,10001\\nno address,Bea,\\n")
incoming = importing.upload(file=lines, filename="list.csv", consent=consent, mode="agreed", by=staff)
importing.check(job=incoming, columns=incoming.columns, by=staff)
importing.work()
outgoing = exporting.begin(chosen=exporting.Filter(), columns=["email"], by=staff)
domain_doctor.judge(text="Authentication-Results: x; spf=fail; dkim=pass\\nFrom: a@example.org\\n\\n", by=staff)
story = Submission.objects.get(status="sent")
petition = Petition.objects.get(slug="save-call-center-jobs")
bill = petition.measures.get(congress=115, kind="hr")
rows = (draft, sent, draft.items.first(), box, story, incoming, outgoing, petition, bill)
print(*[row.pk for row in rows], box.registration_id, box.registration.week_id)
"""
MATERIALS = "from tests.e2e.materials import make; make()"
# What the theme (django-unfold) brings, as the rule and a part of the place where axe finds it. It has no <main>, so
# all its words lie outside of landmarks; its lists and inline rows leave some controls small or without a label.
THEMES_OWN = (
    ("landmark-one-main", "html"),
    ("region", ""),
    ("landmark-unique", "#nav-sidebar"),
    ("target-size", "#searchbar-submit"),
    ("aria-input-field-name", "select2"),
    ("target-size", ".sortremove"),
    ("target-size", 'a[href="?o='),
    ("target-size", ".hover\\:text-base-500"),
    ("empty-table-header", "th"),
    ("label", "#id_items-"),
    ("select-name", "#id_items-"),
    ("color-contrast", ".add-row"),
    ("color-contrast", ".showall"),
    ("color-contrast", ".prose-menubar"),  # the editor's buttons that cannot be pressed just now
)


@pytest.fixture(scope="module")
def desk(browser, site, full) -> Page:
    """One member of staff, signed in once, who looks at everything."""
    visitors = Visitors(browser, site.address)
    page = visitors.visit(size=DESKTOP)
    sign_in(page, *site.staff)
    yield page
    assert visitors.leave() == []


@pytest.fixture(scope="module")
def keys(site, full) -> dict[str, str]:
    """The rows that the pages are about; the draft is one that no other test sends."""
    names = ("draft", "sent", "item", "box", "story", "list", "file", "petition", "bill", "registration", "week")
    found = dict(zip(names, site.run(KEYS).split(), strict=True))
    materials = (
        "old_week", "opened", "set_aside", "frozen", "code_of_box", "print_out", "tracking", "report", "item_kind",
        "carrier", "line",
    )  # fmt: skip
    found |= dict(zip(materials, site.run(MATERIALS).split(), strict=True))
    delivered = ("petition", "member", "packet", "round", "delivery", "sheet", "code")
    return found | dict(zip(delivered, site.run(DELIVERED).split(), strict=True))


def is_themes_own(violation: str) -> bool:
    rule, _, place = violation.partition("\n")[0].partition(": ")
    return any(rule == known and part in place for known, part in THEMES_OWN)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_staff_site_is_accessible_in_light_and_in_dark(desk, keys, name):
    desk.emulate_media(color_scheme="light")
    response = desk.goto(PAGES[name].format(**keys))
    assert response is not None
    assert response.status == 200
    found = violations(desk, EVERY_RULE)
    desk.emulate_media(color_scheme="dark")
    found += violations(desk, COLOURS)
    assert [each for each in found if not is_themes_own(each)] == []
