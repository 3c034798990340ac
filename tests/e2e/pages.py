"""Every public page, and how a visitor comes to it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.e2e.acts import SLUG, YEAR, confirmed_reader, confirmed_signature
from tests.e2e.running import Site

# An issue that has gone out, beside the sample's draft, which one of the tests sends.
SENT_ISSUE = """
from django.contrib.auth.models import User
from members import newsletter
from members.models import Issue, IssueItem, Post
issue = Issue.objects.create(number=90, subject="What we did in fall", intro="Dear friends,\\n\\nhere it is.")
IssueItem.objects.bulk_create(IssueItem(issue=issue, post=p, position=n) for n, p in enumerate(Post.objects.public()))
newsletter.send_issue(issue=issue, by=User.objects.get())
"""
LOCAL = {
    "local_number": "4319",
    "contact_name": "Ruth Okafor",
    "email": "pages-local@example.org",
    "phone": "202-555-0134",
    "members_count": "140",
    "tasks": "petition-drive",
    "ship_name": "Union hall",
    "ship_address1": "501 3rd Street NW",
    "ship_city": "Washington",
    "ship_state": "DC",
    "ship_zip": "20001",
}


@dataclass(frozen=True)
class Links:
    """The addresses that only a letter tells."""

    confirm_signature: str
    signature: str
    withdrawn_signature: str
    registration: str
    confirm_subscription: str
    preferences: str
    unsubscribe: str


def make_links(site: Site) -> Links:
    """Let people sign, register and subscribe, so that each private page has somebody it belongs to."""
    withdrawn = confirmed_signature(site, "pages-withdrawn@example.org")
    site.post(f"{withdrawn}withdraw/")
    site.post(
        f"/petitions/{SLUG}/sign/",
        given_name="Ana",
        family_name="Ruiz",
        email="pages-new@example.org",
        zip_code="10001",
    )
    site.post(f"/week-of-action/{YEAR}/register/", **LOCAL)
    site.post("/subscribe/", email="pages-asked@example.org")
    preferences = confirmed_reader(site, "pages-reader@example.org")
    site.run(SENT_ISSUE)
    return Links(
        confirm_signature=site.link("pages-new@example.org", "Confirm", "/confirm/"),
        signature=confirmed_signature(site, "pages-signer@example.org"),
        withdrawn_signature=withdrawn,
        registration=site.link("pages-local@example.org", "We have the registration", "/registration/"),
        confirm_subscription=site.link("pages-asked@example.org", "Confirm", "/confirm/"),
        preferences=preferences,
        unsubscribe=site.link("pages-reader@example.org", "What we did in fall", "/unsubscribe/"),
    )


Way = Callable[[Page, Links], object]


def at(address: str) -> Way:
    """A page that has an address anybody may know."""
    return lambda page, links: page.goto(address)


def by(name: str, more: str = "") -> Way:
    """A page behind one of the links."""
    return lambda page, links: page.goto(getattr(links, name) + more)


def refused(address: str, button: str) -> Way:
    """A page with a form that was sent with nothing in it."""

    def way(page: Page, links: Links) -> None:
        page.goto(address)
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("alert").wait_for()

    return way


WEEK = f"/week-of-action/{YEAR}/"
PETITION = f"/petitions/{SLUG}/"

PAGES: dict[str, Way] = {
    "home": at("/"),
    "home in Spanish": at("/es/"),
    "privacy": at("/privacy/"),
    "not found": at("/there-is-no-such-page/"),
    "petition": at(PETITION),
    "petition in Spanish": at(f"/es{PETITION}"),
    "petition with errors": refused(PETITION, "Sign"),
    "petition, check your e-mail": at(f"{PETITION}check-your-email/"),
    "signature to be confirmed": by("confirm_signature"),
    "signature that cannot be confirmed": at("/signature/nobody/confirm/"),
    "signed": at(f"{PETITION}signed/"),
    "private page of a signer": by("signature"),
    "private page of a signer who withdrew": by("withdrawn_signature"),
    "withdraw a signature": by("signature", "withdraw/"),
    "campaign": at(f"/campaigns/{SLUG}/"),
    "week": at(WEEK),
    "week of 2017": at("/week-of-action/2017/"),
    "register": at(f"{WEEK}register/"),
    "register in Spanish": at(f"/es{WEEK}register/"),
    "register with errors": refused(f"{WEEK}register/", "Register our local"),
    "registration closed": at("/week-of-action/2017/register/"),
    "registered": at(f"{WEEK}registered/"),
    "private page of a local": by("registration"),
    "change a registration": by("registration", "change/"),
    "withdraw a registration": by("registration", "withdraw/"),
    "subscribe": at("/subscribe/"),
    "subscribe with errors": refused("/subscribe/", "Subscribe"),
    "subscribe, check your e-mail": at("/subscribe/check-your-email/"),
    "subscription to be confirmed": by("confirm_subscription"),
    "subscription that cannot be confirmed": at("/subscribe/confirm/nobody/"),
    "subscription confirmed": at("/subscribe/confirmed/"),
    "preferences": by("preferences"),
    "unsubscribe": by("unsubscribe"),
    "unsubscribed": at("/unsubscribed/"),
    "archive": at("/newsletter/"),
    "issue": at("/newsletter/90/"),
    "news": at("/news/"),
    "post": at("/news/national-call-in-day/"),
}
