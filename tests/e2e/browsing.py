"""A real browser, and visitors in it: each with a window of their own, watched for what goes wrong behind the page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

PHONE = (390, 844)
DESKTOP = (1280, 900)
NARROWEST = (320, 640)  # WCAG 2.2, 1.4.10: no scrolling in two directions down to this width

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT = 10_000  # milliseconds until a page must show what is waited for

Visit = Callable[..., Page]


def find_chromium() -> str | None:
    """The program that `CHROMIUM` names, else the first one installed; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, for as long as it is needed. While it runs, Django's ORM refuses to work in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """What went wrong in a window: words in the console, broken scripts, missing files, calls to another host."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.problems: list[str] = []
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.problems.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        # A page may well be a 404 or a 422, which its test asserts; what a page loads must be there.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        is_status = message.text.startswith("Failed to load resource")  # `_response` judges these
        if message.type in ("error", "warning") and not is_status:
            self.problems.append(f"console: {message.text}")


class Visitors:
    """Opens a window for each visitor of a test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.open: list[tuple[BrowserContext, Watch]] = []

    def visit(self, *, js: bool = True, size: tuple[int, int] = PHONE, **more: object) -> Page:
        """A new visitor with an empty window; `more` as for Playwright's `new_context`."""
        context = self.browser.new_context(
            base_url=self.address,
            java_script_enabled=js,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(TIMEOUT)
        self.open.append((context, Watch(context, self.address)))
        return context.new_page()

    def problems(self) -> list[str]:
        """What has gone wrong since this was last asked."""
        found = [problem for _, watch in self.open for problem in watch.problems]
        for _, watch in self.open:
            watch.problems.clear()
        return found

    def leave(self) -> list[str]:
        """Close every window; what had gone wrong in them."""
        for context, _ in self.open:
            context.close()
        problems = self.problems()
        self.open.clear()
        return problems
