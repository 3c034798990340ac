"""The form and the counter in a frame on somebody else's site: signed from there, without a cookie or a script."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import SLUG
from tests.e2e.browsing import PHONE, TIMEOUT

pytestmark = pytest.mark.browser


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: one page, whose frame shows what its address names."""

    def do_GET(self) -> None:
        framed = self.path.partition("?")[2]
        html = f'<!doctype html><title>Elsewhere</title><iframe src="{framed}" width="380" height="900"></iframe>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of that site: `localhost`, which is another site than the `127.0.0.1` that ours is at."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@contextmanager
def framed(browser, address, *, js=True):
    """The page of the other site with ours in its frame."""
    size = {"width": PHONE[0], "height": 1000}
    with browser.new_context(java_script_enabled=js, viewport=size) as context:
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        page.goto(address)
        yield page


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_a_visitor_of_another_site_signs_in_its_frame(site, browser, elsewhere, js):
    email = f"framed-{js}@example.org".lower()
    with framed(browser, f"{elsewhere}?{site.address}/petitions/{SLUG}/embed/?from=poster", js=js) as page:
        frame = page.frame_locator("iframe")
        frame.get_by_label("First name").fill("Ana")
        frame.get_by_label("Last name").fill("Ruiz")
        frame.get_by_label("E-mail", exact=True).fill(email)
        frame.get_by_label("ZIP code").fill("10001")
        with page.expect_request(lambda request: request.method == "POST") as sent:
            frame.get_by_role("button", name="Sign").click()
        expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
        assert page.url == f"{site.address}/petitions/{SLUG}/check-your-email/"
        headers = sent.value.all_headers()
        assert (headers["sec-fetch-site"], headers["origin"]) == ("same-origin", site.address)
        assert page.context.cookies() == []
    assert site.letter(email, "Confirm your signature")


def test_the_counter_stands_on_another_site_whose_scripts_may_read_the_count(site, browser, elsewhere):
    with framed(browser, f"{elsewhere}?{site.address}/petitions/{SLUG}/embed/?show=counter") as page:
        expect(page.frame_locator("iframe").locator("[data-count]")).to_be_visible()
        count = page.evaluate(f"fetch('{site.address}/petitions/{SLUG}/count.json').then(answer => answer.json())")
        assert sorted(count) == ["count", "counted_at", "goal"]


@pytest.mark.parametrize("path", ["", "results/"])
def test_no_other_page_may_be_framed(site, browser, elsewhere, path):
    with framed(browser, f"{elsewhere}?{site.address}/petitions/{SLUG}/{path}") as page:
        [frame] = page.frames[1:]
        frame.wait_for_url("chrome-error://chromewebdata/")
