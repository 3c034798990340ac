"""The requests that are measured, kind by kind: signs, confirms, pages; and again with five million signatures."""

import os
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings

from petitions.models import Petition
from tests.bench import behind_nginx, five_million, staff_pages
from tests.bench.arguments import Arguments
from tests.bench.behind_nginx import Cached
from tests.bench.confirms import Confirming
from tests.bench.figures import Line, Series
from tests.bench.pages import Reading
from tests.bench.place import Place
from tests.bench.rounds import alternate, visits_line
from tests.bench.signs import Signing
from tests.bench.visitors import Visits

WARM_UP = 1.0  # seconds of each kind that do not count
BESIDE = ("signs", "confirms", "pages")
Run = Callable[[float, int], Visits]


class Requests:
    """The servers, and what is asked of them. `floors` says against what each kind is held."""

    def __init__(self, place: Place, petition: Petition, arguments: Arguments) -> None:
        self.place, self.petition, self.arguments = place, petition, arguments
        self.signing = Signing(place, petition.slug)
        self.confirming = Confirming(place, petition, self.signing.web, settings.DATA_DIR)
        self.reading = Reading(place, petition, self.signing.web, self.signing.floor_web)
        self.cached: Cached | None = None
        self.kinds: dict[str, tuple[Run, int]] = {}
        self.floors: dict[str, str] = {}

    def measure(self, parts: Collection[str], more: str = "") -> list[Line]:
        """The lines of these parts; `more` is said behind their names."""
        self.kinds, self.floors = {}, {}
        middle = self.arguments.middle
        if "signs" in parts:
            for clients in self.arguments.clients:
                self._add("bare INSERT", self.signing.insert, clients)
                self._add("signs", self.signing.sign, clients, floor=f"bare INSERT, {clients} clients")
            self._add("signs while counted", self.signing.sign_while_counted, middle, floor=f"signs, {middle} clients")
        if "confirms" in parts:
            self._add("confirms", self.confirming.confirm, middle)
        if "pages" in parts:
            self._add("hello", self.reading.hello, middle)
            self._add("petition pages", self.reading.read, middle, floor=f"hello, {middle} clients")
            self._add("count.json", self.reading.count, middle, floor=f"hello, {middle} clients")
        if "nginx" in parts:
            self._add_nginx(middle)
        runs = self._run()
        return [
            Line(**{**vars(visits_line(name, runs, self.floors.get(name, ""))), "name": f"{name}{more}"})
            for name in self.kinds
        ]

    def _add(self, name: str, run: Run, clients: int, floor: str = "") -> None:
        self.kinds[name := f"{name}, {clients} clients"] = run, clients
        if floor:
            self.floors[name] = floor

    def _add_nginx(self, clients: int) -> None:
        if not behind_nginx.is_there():
            print("nginx or wrk is not installed, so nothing is measured behind nginx\n")
            return
        self.cached = self.cached or Cached(self.place, self.petition, self.signing.web, settings.DATA_DIR / "nginx")
        cached = self.cached
        for what in ("page", "count"):
            for name in (f"file {what}", what):
                floor = f"nginx: file {what}, {clients} clients" if name == what else ""
                self._add(f"nginx: {name}", lambda s, c, name=name: cached.read(name, s, c), clients, floor)  # type: ignore[misc]

    def _run(self) -> dict[str, list[Any]]:
        seconds = self.arguments.seconds
        for run, clients in self.kinds.values():
            run(min(WARM_UP, seconds), clients)
        kinds = {
            name: lambda run=run, clients=clients: run(seconds, clients) for name, (run, clients) in self.kinds.items()
        }
        return alternate(kinds, self.arguments.rounds)


def beside_five_million(only: Collection[str]) -> list[str]:
    """What is measured both before and beside them: all, or what is named."""
    return [part for part in BESIDE if part in only] or list(BESIDE)


def measure_five_million(requests: Requests, lines: list[Line]) -> dict[str, Any]:
    """The same kinds once more beside five million signatures, added to the lines; and milliseconds of staff pages."""
    told = five_million.fill(requests.petition, requests.arguments.signatures, requests.place.supervisor)
    print(", ".join(f"{name} {value:,}" for name, value in told.items()))
    before = {line.name: line.rate.median for line in lines}
    for line in requests.measure(beside_five_million(requests.arguments.only), " · 5M"):
        name = line.name.removesuffix(" · 5M")
        share = Series([line.rate.median / before[name]])
        lines.append(Line(**{**vars(line), "ratios": [*line.ratios, ("the same without", share)]}))
    told["pages_ms"], told["work_s"] = {}, {}
    for name, series in staff_pages.look_at_pages(requests.petition):
        slow = staff_pages.slow_end(series)
        print(f"{name}: p95 {slow:.0f} ms, median {series.median:.0f}")
        told["pages_ms"][name] = {**series.as_json(), "p95": slow}
    for name, seconds in staff_pages.work_through(requests.petition):
        print(f"{name}: {seconds:.1f} s")
        told["work_s"][name] = seconds
    told["load"] = os.getloadavg()
    return told
