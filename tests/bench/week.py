"""A Week of Action of thousands of registrations: each page that staff look at, and what is done with its boxes."""

import gc
from collections.abc import Iterator
from typing import Any

from tests.bench import boxes, desk
from tests.bench.figures import Series
from tests.bench.kits import measure_kits, week_of
from tests.bench.staff_pages import slow_end
from tests.members.factories import StaffFactory


def measure_week(registrations: int) -> dict[str, Any]:
    """Milliseconds of the pages and seconds of the work, shown as they come. Raises Failed."""
    staff = StaffFactory(is_superuser=True)
    pages: dict[str, Series] = {}
    work: dict[str, float] = {}
    this_year = desk.fill(registrations)
    gc.freeze()  # as a server process does that has started
    pages |= _pages_told(desk.look_at_pages(this_year, staff))
    work |= _work_told(desk.work(this_year, staff))
    wave, took, more = measure_kits(week_of(registrations), staff)
    pages |= _pages_told(iter(more.items()))
    work |= _work_told(iter(took.items()))
    work |= _work_told(boxes.freeze_and_print(wave, staff))
    pages |= _pages_told(boxes.look_at_pages(wave, staff))
    work |= _work_told(boxes.hand_over(wave, staff))
    told = {name: each.as_json() | {"slow_end_ms": slow_end(each)} for name, each in pages.items()}
    return {"registrations": registrations, "pages_ms": told, "seconds": work}


def _pages_told(looks: Iterator[tuple[str, Series]]) -> dict[str, Series]:
    found = {}
    for name, series in looks:
        print(f"week: {name}: {series.told()} ms, nineteen of twenty under {slow_end(series):.0f}", flush=True)
        found[name] = series
    return found


def _work_told(steps: Iterator[tuple[str, float]]) -> dict[str, float]:
    found = {}
    for name, seconds in steps:
        print(f"week: {name}: {seconds:.2f} s", flush=True)
        found[name] = seconds
    return found
