"""Pictures of every page and letter, for eyes: `python -m tests.e2e.gallery FOLDER`.

Each × 390, 768 and 1280 px × light and dark × English and Spanish × busy, empty and gone wrong, as PNG of the whole
page; contact sheets of them, on which long pages go on in the next column; and an index.html. Parts are faster:
`--only petition --width 390 --scheme dark --language es --state error`, each as often as wanted.
"""

import argparse
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.browsing import Visitors, chromium
from tests.e2e.contact_sheets import Picture, write_index, write_sheets
from tests.e2e.pages import BARE, EMPTY, ERRORS, FULL, LANGUAGES, MAINTENANCE, Links, Tour, Way, empty, fill
from tests.e2e.running import Site

SIZES = {390: 844, 768: 1024, 1280: 900}
SCHEMES = ("light", "dark")
STATES: dict[str, dict[str, Way]] = {
    "full": FULL,
    "empty": {**EMPTY, **BARE},
    "error": {**ERRORS, **MAINTENANCE},
    "letter": {},
}
LETTERS = """
import json
from tests.letters import every_letter
print(json.dumps({name: letter.html for name, letter in every_letter("%s").items()}))
"""


@dataclass(frozen=True)
class Choice:
    """What is to be taken; empty means all."""

    folder: Path
    only: list[str]
    width: list[int]
    scheme: list[str]
    language: list[str]
    state: list[str]

    def wants(self, name: str) -> bool:
        return not self.only or any(part in name for part in self.only)

    def ways(self, state: str, ways: dict[str, Way]) -> dict[str, Way]:
        """Those pages of a state that are wanted."""
        is_wanted = not self.state or state in self.state
        return {name: way for name, way in ways.items() if is_wanted and self.wants(name)}


# A picture of the whole page needs the photos that a reader would only come to by scrolling.
LOAD_PHOTOS = """async () => {
  const photos = [...document.images].filter((image) => image.loading === "lazy");
  for (const photo of photos) photo.loading = "eager";
  await Promise.all(photos.map((photo) => photo.decode()));
}"""


class Photographer:
    """Takes the pictures of a page that is open, and remembers them."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.pictures: list[Picture] = []
        self.problems: list[str] = []

    def take(self, page: Page, state: str, name: str, language: str) -> None:
        """One picture for each width and scheme."""
        for width in self.choice.width or SIZES:
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            for scheme in self.choice.scheme or SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture = Picture(self.choice.folder, state, name, language, width, scheme)
                picture.file.parent.mkdir(parents=True, exist_ok=True)
                page.evaluate(LOAD_PHOTOS)
                page.screenshot(path=picture.file, full_page=True, animations="disabled")
                self.pictures.append(picture)

    def walk(self, browser: Browser, site: Site, links: Links | None, state: str, ways: dict[str, Way]) -> None:
        """Through these pages, in each language. A page that cannot be reached is told at the end, with its reason."""
        visitors = Visitors(browser, site.address)
        page = visitors.visit()
        for language in self.choice.language or LANGUAGES:
            for name, way in self.choice.ways(state, ways).items():
                try:
                    way(Tour(page, site, links, language))
                    self.take(page, state, name, language)
                except Exception as error:  # whatever it is, the other pages are still wanted
                    self.problems.append(f"{state}, {name}, {language}: {str(error).splitlines()[0]}")
        self.problems += visitors.leave()

    def read(self, browser: Browser, site: Site) -> None:
        """The letters, as a mail program shows them that loads nothing."""
        page = browser.new_page(java_script_enabled=False)
        for language in self.choice.language or LANGUAGES:
            for name, html in json.loads(site.run(LETTERS % language)).items():
                if self.choice.wants(name):
                    page.set_content(html)
                    self.take(page, "letter", re.sub(r"\W+", "-", name), language)
        page.close()


@contextmanager
def running() -> Iterator[Site]:
    """A site with the sample content, for as long as it is needed."""
    site = Site(LOG_LEVEL="CRITICAL")
    try:
        site.start()
        yield site
    finally:
        site.stop()


def take_all(choice: Choice) -> Photographer:
    """Every picture that is wanted: first the busy site, then one without content."""
    photographer = Photographer(choice)
    with chromium() as browser:
        busy = {"full": FULL, "empty": BARE, "error": STATES["error"]}
        with running() as site:
            links = fill(site)
            for state, ways in busy.items():
                photographer.walk(browser, site, links, state, ways)
            if not choice.state or "letter" in choice.state:
                photographer.read(browser, site)
        if choice.ways("empty", EMPTY):
            with running() as site:
                empty(site)
                photographer.walk(browser, site, None, "empty", EMPTY)
    return photographer


def arguments() -> Choice:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.gallery", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], help="a part of the names of pages or letters")
    parser.add_argument("--width", action="append", default=[], type=int, choices=SIZES)
    parser.add_argument("--scheme", action="append", default=[], choices=SCHEMES)
    parser.add_argument("--language", action="append", default=[], choices=LANGUAGES)
    parser.add_argument("--state", action="append", default=[], choices=STATES)
    return Choice(**vars(parser.parse_args()))


def main() -> int:
    """Take the pictures; 1 where some page could not be shown."""
    choice, began = arguments(), time.monotonic()
    photographer = take_all(choice)
    sheets = write_sheets(photographer.pictures, choice.folder)
    index = write_index(photographer.pictures, sheets, choice.folder)
    for problem in photographer.problems:
        print(problem)
    seconds = time.monotonic() - began
    print(f"{len(photographer.pictures)} pictures and {len(sheets)} contact sheets in {seconds:.0f} s: {index}")
    return int(bool(photographer.problems))


if __name__ == "__main__":
    raise SystemExit(main())
