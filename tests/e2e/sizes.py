"""How much a first visit transfers: `python -m tests.e2e.sizes` prints the figures of the README."""

import gzip
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.e2e.acts import SLUG, YEAR
from tests.e2e.browsing import Visit, Visitors, chromium
from tests.e2e.pages import fill
from tests.e2e.running import Site

PAGES = {
    "home": "/",
    "petition": f"/petitions/{SLUG}/",
    "week": f"/week-of-action/{YEAR}/",
    "register": f"/week-of-action/{YEAR}/register/",
    "issue": "/newsletter/90/",
    "post": "/news/national-call-in-day/",
}
PHOTOS = "/uploads/"
STYLESHEETS = "[...document.querySelectorAll('link[rel~=stylesheet]')].map((link) => link.href)"
SCRIPTS = "[...document.scripts].filter((script) => script.src).map((script) => script.src)"


@dataclass(frozen=True)
class Size:
    """Of one page, in bytes: all that travels without photos, its styles compressed, its scripts unpacked."""

    transferred: int
    requests: int
    css: int
    javascript: int
    stylesheets: int
    hosts: frozenset[str]


def measure(visit: Visit, address: str) -> Size:
    """Visit the page with an empty cache, on a phone. Photos come when they are scrolled to and are not counted."""
    page = visit()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]})
    )
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    counted = [key for key, url in addresses.items() if PHOTOS not in url and url.startswith("http")]
    styles, scripts = page.evaluate(STYLESHEETS), page.evaluate(SCRIPTS)
    found = Size(
        transferred=int(sum(sizes.get(key, 0) for key in counted)),
        requests=len(counted),
        css=sum(len(gzip.compress(body, 9, mtime=0)) for body in bodies(page, styles)),
        javascript=sum(len(body) for body in bodies(page, scripts)),
        stylesheets=len(styles),
        hosts=frozenset(url.split("/")[2] for url in addresses.values() if url.startswith("http")),
    )
    page.context.close()
    return found


def bodies(page: Page, addresses: list[str]) -> list[bytes]:
    """What stands behind each address, unpacked."""
    return [page.request.get(address).body() for address in addresses]


def main() -> None:
    """Measure the pages of a busy site and print a table."""
    site = Site(LOG_LEVEL="ERROR")
    try:
        site.start()
        fill(site)
        with chromium() as browser:
            visitors = Visitors(browser, site.address)
            print("| page | transferred | requests | CSS, gzip | JavaScript |\n| --- | --- | --- | --- | --- |")
            for name, address in PAGES.items():
                size = measure(visitors.visit, address)
                kilobytes = [f"{value / 1000:.1f} kB" for value in (size.transferred, size.css, size.javascript)]
                print(f"| {name} | {kilobytes[0]} | {size.requests} | {kilobytes[1]} | {kilobytes[2]} |", flush=True)
    finally:
        site.stop()


if __name__ == "__main__":
    main()
