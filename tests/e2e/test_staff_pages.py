"""Our own pages of the staff site, and its lists with many rows: accessible but for what the theme itself brings."""

import pytest
from playwright.sync_api import Page

from tests.e2e.acts import sign_in
from tests.e2e.browsing import DESKTOP, Visitors
from tests.e2e.looking import EVERY_RULE, violations

pytestmark = pytest.mark.browser
PAGES = {
    "dashboard": "/admin/",
    "people": "/admin/members/person/",
    "locals": "/admin/members/local/",
    "mail domains": "/admin/members/maildomain/",
    "subscriptions": "/admin/members/subscription/",
    "posts": "/admin/members/post/",
    "issues": "/admin/members/issue/",
    "letters": "/admin/members/message/",
    "an issue": "/admin/members/issue/{draft}/change/",
    "preview": "/admin/members/issue/{draft}/preview/",
    "sending, a draft": "/admin/members/issue/{draft}/sending/",
    "sending, sent": "/admin/members/issue/{sent}/sending/",
    "weeks": "/admin/campaigns/weekofaction/",
    "registrations": "/admin/campaigns/registration/",
    "boxes": "/admin/campaigns/box/",
    "ship a box": "/admin/campaigns/box/{box}/ship/",
    "petitions": "/admin/petitions/petition/",
    "signatures": "/admin/petitions/signature/",
}
KEYS = """
from campaigns.models import Box
from members import newsletter
from members.models import Issue, Post
words = {"subject": "What we plan", "intro": "<p>Dear friends,</p>"}
draft, is_new = Issue.objects.get_or_create(number=91, defaults=words)
if is_new:
    newsletter.add_post(issue=draft, post=Post.objects.first())
print(draft.pk, Issue.objects.get(number=90).pk, Box.objects.filter(status="planned").first().pk)
"""
# What the theme (django-unfold) brings, as the rule and a part of the place where axe finds it. It has no <main>, so
# all its words lie outside of landmarks; its lists and inline rows leave some controls small or without a label.
THEMES_OWN = (
    ("landmark-one-main", "html"),
    ("region", ""),
    ("landmark-unique", "#nav-sidebar"),
    ("target-size", "#searchbar-submit"),
    ("target-size", ".sortremove"),
    ("target-size", ".hover\\:text-base-500"),
    ("empty-table-header", "th"),
    ("label", "#id_items-"),
    ("select-name", "#id_items-"),
    ("color-contrast", ".add-row"),
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
    return dict(zip(("draft", "sent", "box"), site.run(KEYS).split(), strict=True))


def is_themes_own(violation: str) -> bool:
    rule, _, place = violation.partition("\n")[0].partition(": ")
    return any(rule == known and part in place for known, part in THEMES_OWN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_staff_site_is_accessible(desk, keys, name, scheme):
    desk.emulate_media(color_scheme=scheme)
    response = desk.goto(PAGES[name].format(**keys))
    assert response is not None
    assert response.status == 200
    assert [found for found in violations(desk, EVERY_RULE) if not is_themes_own(found)] == []
