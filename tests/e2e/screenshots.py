"""The pictures of the README: `python -m tests.e2e.screenshots docs`."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.e2e.acts import SLUG, sign_in
from tests.e2e.browsing import DESKTOP, PHONE, Visitors, chromium
from tests.e2e.running import Site

LARGEST = 150_000  # bytes of one picture
# Enough signers for a bar and enough readers for a look at the sending; nobody of them exists.
PEOPLE = """
from django.contrib.auth.models import User
from django.utils import timezone
from csan.lib.addresses import email_key
from tests.members.sending import send_issue
from members.models import Issue, Person, Subscription
from petitions import tallies
from petitions.models import Petition, Signature
now, petition = timezone.now(), Petition.objects.get()
Signature.objects.bulk_create(
    Signature(petition=petition, version=petition.current_version, email=f"s{n}@example.org",
              email_key=email_key(f"s{n}@example.org"), given_name="A", family_name="B", zip_code="10001",
              status="confirmed", confirmed_at=now)
    for n in range(1234)
)
tallies.recount()
people = Person.objects.bulk_create(
    Person(email=f"r{n}@example.org", email_key=email_key(f"r{n}@example.org"), language="en" if n % 7 else "es")
    for n in range(2000)
)
Subscription.objects.bulk_create(
    Subscription(person=each, status="active", wording="yes", source="/", asked_at=now, confirmed_at=now)
    for each in people
)
send_issue(issue=Issue.objects.get(), by=User.objects.earliest("pk"))
print(Issue.objects.get().pk)
"""


def petition_on_a_phone(page: Page, file: Path) -> None:
    """Title, count and the beginning of the text."""
    page.goto(f"/petitions/{SLUG}/")
    page.screenshot(path=file)


def home_on_a_desk(page: Page, file: Path) -> None:
    """The poster, in few enough colors for a small file."""
    page.goto("/")
    page.screenshot(path=file)
    Image.open(file).quantize(128).save(file, optimize=True)


def issue_under_way(page: Page, site: Site, issue: str, file: Path) -> None:
    """The sending page, with somewhat more than half of the letters out."""
    sign_in(page, *site.staff)
    page.goto(f"/admin/members/issue/{issue}/sending/")
    page.wait_for_function("document.querySelector('progress').position > 0.55", timeout=60_000)
    page.screenshot(path=file)


def main(folder: Path) -> None:
    """Start a site, take the pictures, stop the site."""
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(LOCAL="true", LOG_LEVEL="ERROR", MAIL_RATE="150")
    try:
        site.start()
        issue = site.run(PEOPLE).strip()
        with chromium() as browser:
            visitors = Visitors(browser, site.address)
            issue_under_way(visitors.visit(size=DESKTOP), site, issue, folder / "admin-sending.png")
            petition_on_a_phone(visitors.visit(size=PHONE), folder / "petition-phone.png")
            home_on_a_desk(visitors.visit(size=DESKTOP), folder / "home-desk.png")
            assert visitors.leave() == []
    finally:
        site.stop()
    for file in sorted(folder.glob("*.png")):
        size = file.stat().st_size
        assert size <= LARGEST, f"{file} has {size} bytes; {LARGEST} are the most"
        print(f"{file}  {size // 1000} kB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the pictures go: python -m tests.e2e.screenshots docs")
    main(Path(sys.argv[1]))
