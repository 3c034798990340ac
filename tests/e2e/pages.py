"""Every public page, and how a visitor comes to it: with everything there, with nothing yet, and gone wrong.

A page is visited in a language; the addresses stand here in English.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import Page

from tests.e2e.acts import SLUG, YEAR, confirmed_reader, confirmed_signature
from tests.e2e.names import BEGINNING, CLOSED, LONG, LONG_CAMPAIGN, LONG_ISSUE, LONG_POST, PAST_WEEK, QUIET_WEEK
from tests.e2e.running import Site

LANGUAGES = ("en", "es")
# An issue that has gone out by itself, beside the sample's draft, which one of the tests sends.
SENT_ISSUE = """
from django.contrib.auth.models import User
from members import newsletter
from members.models import Issue, Post
from tests.members.sending import send_issue
issue = Issue.objects.create(number=90, subject="What we did in fall", intro="<p>Dear friends,</p><p>here it is.</p>")
for post in Post.objects.public().order_by("pk")[:6]:
    newsletter.add_post(issue=issue, post=post)
send_issue(issue=issue, by=User.objects.earliest("pk"))
"""
BOUNCED = """
from csan.lib.addresses import email_key
from members.models import Suppression
Suppression.objects.create(email_key=email_key("pages-bounced@example.org"), reason="bounced")
"""
FILL = "from tests.e2e.crowd import fill; fill()"
CONGRESS = "from tests.e2e.congress import make; make()"
MOVE_ON = f"from tests.e2e.congress import move_on; move_on({SLUG!r})"
DELIVERED = "from tests.e2e.delivered import make; make()"
LOCALS = "from tests.e2e.local_pages import make as make_locals; make_locals()"
STORIES = "from tests.e2e.stories import make; make()"
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
FRIEND = "f-77777777"  # a signer's code: its shape is all that a page asks
SIGNER = {"given_name": "Ana", "family_name": "Ruiz", "zip_code": "10001"}
MOST_POSTS = 40  # of a form, from one address, until the site says that it is enough


@dataclass(frozen=True)
class Links:
    """The addresses that only a letter tells."""

    confirm_signature: str
    signature: str
    signature_of_many_districts: str
    withdrawn_signature: str
    registration: str
    confirm_subscription: str
    preferences: str
    unsubscribe: str
    left: str
    left_unsubscribe: str
    bounced: str
    unconfirmed_story: str
    submitted_story: str
    asked_story: str
    withdrawn_story: str
    published_story: str
    packet: str
    boxed_local: str
    arrival: str
    frozen_local: str
    asking_local: str
    telling_local: str


def make_links(site: Site) -> Links:
    """Let people sign, register and subscribe, so that each private page has somebody it belongs to."""
    site.run(CONGRESS)
    withdrawn = confirmed_signature(site, "pages-withdrawn@example.org")
    site.post(f"{withdrawn}withdraw/")
    site.post(f"/petitions/{SLUG}/sign/", email="pages-new@example.org", **SIGNER)
    site.post(f"/week-of-action/{YEAR}/register/", **LOCAL)
    site.post("/subscribe/", email="pages-asked@example.org")
    preferences = confirmed_reader(site, "pages-reader@example.org")
    left = confirmed_reader(site, "pages-left@example.org")
    bounced = confirmed_reader(site, "pages-bounced@example.org")
    for page in (left, bounced):
        site.post(page.replace("/preferences/", "/unsubscribe/"))
    stories = json.loads(site.run(BOUNCED + SENT_ISSUE + STORIES))  # at once: each start of the program takes seconds
    made = site.run(f"{LOCALS}; {DELIVERED}").split()
    boxed_local, frozen_local, asking_local, telling_local, arrival, *delivered = made
    return Links(
        confirm_signature=site.link("pages-new@example.org", "Confirm", "/confirm/"),
        signature=confirmed_signature(site, "pages-signer@example.org"),
        signature_of_many_districts=confirmed_signature(site, "pages-split@example.org", "90210"),
        withdrawn_signature=withdrawn,
        registration=site.link("pages-local@example.org", "We have the registration", "/registration/"),
        confirm_subscription=site.link("pages-asked@example.org", "Confirm", "/confirm/"),
        preferences=preferences,
        left=left,
        left_unsubscribe=left.replace("/preferences/", "/unsubscribe/"),
        bounced=bounced,
        unsubscribe=site.link("pages-reader@example.org", "What we did in fall", "/unsubscribe/"),
        packet=f"/verify/{delivered[-1]}/",
        boxed_local=boxed_local,
        arrival=f"{boxed_local}{arrival}",
        frozen_local=frozen_local,
        asking_local=asking_local,
        telling_local=telling_local,
        **{f"{state}_story": f"/news/yours/{key}/" for state, key in stories.items()},
    )


def fill(site: Site) -> Links:
    """Make a site with the sample content a busy one."""
    site.run(FILL)
    links = make_links(site)
    site.run(MOVE_ON)
    site.restart()  # so that no page shows what its processes remember of before
    return links


def empty(site: Site) -> None:
    """Take away all content, for good: the sample goes only into a database that has nothing at all."""
    site.sql(
        """DO $$ DECLARE tables text; BEGIN
        SELECT string_agg(quote_ident(tablename), ', ') INTO tables FROM pg_tables
        WHERE schemaname = 'public' AND tablename ~ '^(members|campaigns|petitions)_';
        EXECUTE 'TRUNCATE ' || tables || ' CASCADE';
        INSERT INTO members_local (affiliate, number, name, district, city, state) VALUES ('CWA', '1', '', '', '', '');
        END $$"""
    )
    site.restart()  # what its processes remember is gone too


@dataclass(frozen=True)
class Tour:
    """A visitor who looks at all pages of a site in one language."""

    page: Page
    site: Site
    links: Links | None = None
    language: str = "en"

    def go(self, address: str, status: int = 200) -> None:
        """To a page, which answers with this status."""
        response = self.page.goto(in_language(address, self.language))
        assert response is not None
        assert response.status == status, f"{address} answers {response.status}"


def in_language(address: str, language: str) -> str:
    """The twin of a page in this language."""
    parts = urlsplit(address)
    return address if language == "en" else urlunsplit(parts._replace(path=f"/{language}{parts.path}"))


Way = Callable[[Tour], object]
# As a browser without JavaScript would, which shows a long form at once and asks nothing before it is sent.
SEND_EMPTY = """form => {
  const typed = form.querySelectorAll("input:not([type=checkbox], [type=radio], [type=hidden])");
  for (const field of typed) field.value = "";
  HTMLFormElement.prototype.submit.call(form);
}"""


def at(address: str, status: int = 200) -> Way:
    """A page that has an address anybody may know."""
    return lambda tour: tour.go(address, status)


def by(name: str, more: str = "") -> Way:
    """A page behind one of the links."""
    return lambda tour: tour.go(f"{getattr(tour.links, name)}{more}")


def refused(way: Way, field: str) -> Way:
    """A page whose form, the one with this field, was sent with nothing in it."""

    def sent(tour: Tour) -> None:
        way(tour)
        form = tour.page.locator("main form", has=tour.page.locator(f"[name={field}]"))
        with tour.page.expect_navigation() as navigation:
            form.evaluate(SEND_EMPTY)
        assert navigation.value.status == 422

    return sent


def asked_about(email: str) -> Way:
    """The form that asks back about an address."""

    def sent(tour: Tour) -> None:
        tour.go("/subscribe/")
        tour.page.locator("main [name=email]").fill(email)
        with tour.page.expect_navigation() as navigation:
            tour.page.locator("main form button:not([type=button])").last.click()
        assert navigation.value.status == 422

    return sent


def wrong_zip_code(tour: Tour) -> None:
    """A reader's own details, with half a ZIP code."""
    tour.go(str(tour.links and tour.links.preferences))
    tour.page.locator("[name=zip_code]").fill("100")
    with tour.page.expect_navigation() as navigation:
        tour.page.locator("[name=zip_code]").press("Enter")
    assert navigation.value.status == 422


def refused_to_come_back(tour: Tour) -> None:
    """A page from before the mailbox bounced, whose button is pressed after."""
    tour.go(str(tour.links and tour.links.bounced))
    with tour.page.expect_navigation() as navigation:
        tour.page.evaluate(
            """() => {
              const form = document.createElement("form");
              form.method = "post";
              form.action = `${location.pathname}come-back/`;
              document.body.append(form);
              form.submit();
            }"""
        )
    assert navigation.value.status == 422


def forbidden(tour: Tour) -> None:
    """A form that stands on somebody else's site."""
    tour.page.goto("about:blank")
    action = f"{tour.site.address}{in_language('/subscribe/', tour.language)}"
    tour.page.set_content(f'<form method="post" action="{action}"><button>Send</button></form>')
    with tour.page.expect_navigation() as navigation:
        tour.page.get_by_role("button").click()
    assert navigation.value.status == 403


def bad_request(tour: Tour) -> None:
    """A form with more in it than ours can hold: three million letters."""
    tour.go("/subscribe/")
    with tour.page.expect_navigation() as navigation:
        tour.page.evaluate(
            """() => {
              const form = document.createElement("form");
              form.method = "post";
              form.append(Object.assign(document.createElement("input"), {type: "hidden", name: "email"}));
              form.firstChild.value = "a".repeat(3_000_000);
              document.body.append(form);
              form.submit();
            }"""
        )
    assert navigation.value.status == 400


def too_many(tour: Tour) -> None:
    """A form that was sent from this address again and again."""
    email = "too-many@example.org"
    assert any(tour.site.status("/subscribe/", email=email) == 429 for _ in range(MOST_POSTS))
    tour.go("/subscribe/")
    tour.page.locator("main [name=email]").fill(email)
    with tour.page.expect_navigation() as navigation:
        tour.page.locator("main form button:not([type=button])").last.click()
    assert navigation.value.status == 429


@contextmanager
def broken(site: Site) -> Iterator[None]:
    """The table of the campaigns cannot be found."""
    site.sql("ALTER TABLE campaigns_campaign RENAME TO campaigns_lost")
    try:
        yield
    finally:
        site.sql("ALTER TABLE campaigns_lost RENAME TO campaigns_campaign")


def server_error(tour: Tour) -> None:
    """A page that fails."""
    with broken(tour.site):
        tour.go(f"/campaigns/{SLUG}/?{time.monotonic_ns()}", 500)  # an address that no cache has seen


def maintenance(tour: Tour) -> None:
    """Any page while staff work on the site."""
    file = tour.site.folder / "maintenance"
    file.touch()
    try:
        tour.go("/", 503)
    finally:
        file.unlink()


WEEK = f"/week-of-action/{YEAR}/"
PETITION = f"/petitions/{SLUG}/"

# On a site where much has happened.
FULL: dict[str, Way] = {
    "home": at("/"),
    "privacy": at("/privacy/"),
    "petition": at(PETITION),
    "petition with long words": at(f"/petitions/{LONG}/"),
    "petitions": at("/petitions/"),
    "petition's sheet to print": at(f"{PETITION}sheet/"),
    "petition's results": at(f"{PETITION}results/"),
    "petition's results, by name": at(f"{PETITION}results/?sort=name"),
    "petition's form for other sites": at(f"{PETITION}embed/?from=poster"),
    "petition's counter for other sites": at(f"{PETITION}embed/?show=counter"),
    "petition's map for other sites": at(f"{PETITION}embed/?show=map"),
    "petition, check your e-mail": at(f"{PETITION}check-your-email/"),
    "signature to be confirmed": by("confirm_signature"),
    "signed": at(f"{PETITION}signed/"),
    "signed, with members of Congress": at(f"{PETITION}signed/?seat=NY-12&from={FRIEND}"),
    "signed, and called": at(f"{PETITION}signed/?seat=NY-12&from={FRIEND}&called=A900001"),
    "signed in one of several districts": at(f"{PETITION}signed/?seat=CA-30,CA-32,CA-36&from={FRIEND}"),
    "signed where the seat is vacant": at(f"{PETITION}signed/?seat=CA-32"),
    "signed where the district is unknown": at(f"{PETITION}signed/?seat=CA"),
    "signed where the member has no vote": at(f"{PETITION}signed/?seat=DC-00"),
    "confirm with a code": at("/signature/code/"),
    "short link of a friend": at(f"/go/{FRIEND}/"),
    "private page of a signer": by("signature"),
    "private page of a signer who withdrew": by("withdrawn_signature"),
    "private page of a signer of many districts": by("signature_of_many_districts"),
    "choose the representative": by("signature_of_many_districts", "representative/"),
    "reaffirm a signature": by("signature", "reaffirm/"),
    "erase a signature": by("signature", "erase/"),
    "signature erased": at("/signature/erased/"),
    "withdraw a signature": by("signature", "withdraw/"),
    "packet that is verified": by("packet"),
    "campaign": at(f"/campaigns/{SLUG}/"),
    "campaign with long words": at(f"/campaigns/{LONG_CAMPAIGN}/"),
    "week": at(WEEK),
    "weeks": at("/week-of-action/"),
    "week of 2017": at("/week-of-action/2017/"),
    "week with long words": at(f"/week-of-action/{PAST_WEEK}/"),
    "register": at(f"{WEEK}register/"),
    "registered": at(f"{WEEK}registered/"),
    "private page of a local": by("registration"),
    "change a registration": by("registration", "change/"),
    "withdraw a registration": by("registration", "withdraw/"),
    "private page of a local whose box has left": by("boxed_local"),
    "did the box arrive": by("arrival"),
    "colleagues of a local": by("boxed_local", "colleagues/"),
    "who else registered a local": by("boxed_local", "others/"),
    "wall of a week": at("/week-of-action/2017/wall/"),
    "report of a local": by("boxed_local", "report/"),
    "report of a local whose week is over": by("telling_local", "report/"),
    "a question of a report": by("telling_local", "report/words/"),
    "photos of a report": by("telling_local", "report/photos/"),
    "a local was handed over": at("/week-of-action/handed-over/"),
    "replace a local's link": by("boxed_local", "link/"),
    "ask for a change": by("frozen_local", "ask/"),
    "a change that waits": by("asking_local", "ask/"),
    "get a local's link again": at("/week-of-action/link/"),
    "a local's link is on its way": at("/week-of-action/link/sent/"),
    "subscribe": at("/subscribe/"),
    "subscribe, check your e-mail": at("/subscribe/check-your-email/"),
    "subscription to be confirmed": by("confirm_subscription"),
    "subscription confirmed": at("/subscribe/confirmed/"),
    "preferences": by("preferences"),
    "unsubscribe": by("unsubscribe"),
    "unsubscribed": at("/unsubscribed/"),
    "preferences of somebody who left": by("left"),
    "preferences of a mailbox that bounced": by("bounced"),
    "unsubscribe again": by("left_unsubscribe"),
    "erase my data": by("preferences", "erase/"),
    "erased": at("/erased/"),
    "archive": at("/newsletter/"),
    "archive, search": at("/newsletter/?q=friends"),
    "archive, nothing found": at("/newsletter/?q=unicorns"),
    "issue": at("/newsletter/90/"),
    "issue with long words": at(f"/newsletter/{LONG_ISSUE}/"),
    "news": at("/news/"),
    "news, member stories": at("/news/?kind=story"),
    "news, page 2": at("/news/?page=2"),
    "send a story": at("/news/submit/"),
    "story sent": at("/news/submit/thank-you/"),
    "story to be confirmed": by("unconfirmed_story"),
    "story with our staff": by("submitted_story"),
    "story to be approved": by("asked_story"),
    "story published": by("published_story"),
    "story withdrawn": by("withdrawn_story"),
    "withdraw a story": by("asked_story", "withdraw/"),
    "action": at("/news/national-call-in-day/"),
    "member story": at("/news/what-the-picket-line-taught-me/"),
    "post with long words": at(f"/news/{LONG_POST}/"),
}
# Where nothing has happened yet, on that site.
BARE: dict[str, Way] = {
    "petition nobody has signed": at(f"/petitions/{BEGINNING}/"),
    "week that asks nothing": at(f"/week-of-action/{QUIET_WEEK}/"),
}
# Refused, closed, expired, lost or broken.
ERRORS: dict[str, Way] = {
    "petition with errors": refused(at(PETITION), "given_name"),
    "register with errors": refused(at(f"{WEEK}register/"), "ship_city"),
    "preferences with errors": wrong_zip_code,
    "come back to a mailbox that bounced": refused_to_come_back,
    "private page that is not there": at("/preferences/nobody/", 404),
    "subscribe with errors": refused(at("/subscribe/"), "email"),
    "send a story with errors": refused(at("/news/submit/"), "title"),
    "story to be approved with errors": refused(by("asked_story"), "words"),
    "subscribe with an employer's address": asked_about("pages-work@att.com"),
    "subscribe with a slip in the address": asked_about("pages-slip@gmial.com"),
    "private page of a signer with errors": refused(by("signature"), "given_name"),
    "change a registration with errors": refused(by("registration", "change/"), "ship_city"),
    "petition that has closed": at(f"/petitions/{CLOSED}/"),
    "registration closed": at("/week-of-action/2017/register/"),
    "registration whose link is dead": at("/registration/nobody/", 404),
    "colleagues of a local with errors": refused(by("boxed_local", "colleagues/"), "email"),
    "get a local's link again with errors": refused(at("/week-of-action/link/"), "local_number"),
    "signature that cannot be confirmed": at("/signature/nobody/confirm/", 404),
    "signature whose link was cut": at("/signature/12.345:1vRk2p/", 404),
    "confirm with a code, with errors": refused(at("/signature/code/"), "code"),
    "subscription that cannot be confirmed": at("/subscribe/confirm/nobody/", 404),
    "400 bad request": bad_request,
    "403 forbidden": forbidden,
    "404 not found": at("/there-is-no-such-page/", 404),
    "429 too many attempts": too_many,
    "500 server error": server_error,
}
# On a site that has no content at all.
EMPTY: dict[str, Way] = {
    "home": at("/"),
    "archive": at("/newsletter/"),
    "news": at("/news/"),
    "petitions": at("/petitions/"),
    "weeks": at("/week-of-action/"),
    "privacy": at("/privacy/"),
    "subscribe": at("/subscribe/"),
}
MAINTENANCE: dict[str, Way] = {"503 maintenance": maintenance}
# Every page of the busy site by its name.
PAGES: dict[str, Way] = {**FULL, **BARE, **ERRORS}
