"""Runs of several kinds in turn, and the lines of the table that come of them."""

import sys
from collections.abc import Callable
from typing import Any

from tests.bench.figures import Line, Series
from tests.bench.visitors import Visits

Runs = dict[str, list[Any]]


def alternate(kinds: dict[str, Callable[[], Any]], rounds: int) -> Runs:
    """A B A B …: each kind once a round, so that all of them meet the machine's good and bad moments."""
    runs: Runs = {name: [] for name in kinds}
    for number in range(rounds):
        for name, run in kinds.items():
            tell(f"round {number + 1} of {rounds}: {name}")
            runs[name].append(run())
    tell("")
    return runs


def tell(what: str) -> None:
    """What is going on, for somebody who watches; one line that is written over and over."""
    if sys.stderr.isatty():
        print(f"\r{what:<60}\r", end="", file=sys.stderr, flush=True)


def visits_line(name: str, runs: Runs, floor: str = "") -> Line:
    """A line of requests; with a floor, the ratio to it."""
    visits: list[Visits] = runs[name]
    parts = {part: Series([getattr(run, part) for run in visits]) for part in ("rate", "p50", "p99", "work", "load")}
    ratios = [(floor, parts["rate"].over(Series([run.rate for run in runs[floor]])))] if floor else []
    return Line(name, **parts, ratios=ratios)
