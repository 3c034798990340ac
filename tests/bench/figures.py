"""Figures of several runs: medians, spreads, ratios to a floor; and what machine they come from."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection

from csan.lib import redis


@dataclass(frozen=True)
class Series:
    """The same figure of each run."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)

    def over(self, floor: "Series") -> "Series":
        """Round by round: both runs of a round meet the machine in the same mood."""
        return Series([mine / other for mine, other in zip(self.values, floor.values, strict=True)])

    def told(self, digits: int = 0) -> str:
        """Median and, in brackets, the lowest and the highest."""
        return f"{self.median:,.{digits}f} ({min(self.values):,.{digits}f}–{max(self.values):,.{digits}f})"

    def as_json(self) -> dict[str, Any]:
        return {"median": self.median, "runs": list(self.values)}


@dataclass(frozen=True)
class Line:
    """A line of the table. `p50`, `p99` and `work` in milliseconds; ratios by the floor's name.

    `senders` is the processor time of those that send, in seconds for 1,000 letters.
    """

    name: str
    rate: Series
    p50: Series | None = None
    p99: Series | None = None
    work: Series | None = None
    senders: Series | None = None
    load: Series | None = None
    ratios: Sequence[tuple[str, Series]] = ()

    def as_json(self) -> dict[str, Any]:
        parts = {
            "per_second": self.rate,
            "p50_ms": self.p50,
            "p99_ms": self.p99,
            "web_cpu_ms": self.work,
            "senders_cpu_s_per_1000": self.senders,
            "visitors_load_on_one_core": self.load,
        }
        told = {name: series.as_json() for name, series in parts.items() if series}
        return {**told, **{f"over {name}": series.as_json() for name, series in self.ratios}}


def table(lines: Sequence[Line]) -> str:
    """The lines as a table for people."""
    rows = [("", "per second", "p50 ms", "p99 ms", "web CPU ms", "CPU s/1000", "against the floor")]
    for line in lines:
        times = [series.told(1) if series else "" for series in (line.p50, line.p99, line.work)]
        times.append(line.senders.told(2) if line.senders else "")
        ratios = [f"{series.told(2)} of {name}" for name, series in line.ratios] or [""]
        rows.append((line.name, line.rate.told(), *times, ratios[0]))
        rows += [("", "", "", "", "", "", more) for more in ratios[1:]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")
        durability = dict(cursor.fetchall())
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(gigabytes),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in ("django", "gunicorn", "celery")},
        "postgresql": postgres,
        **durability,
        "redis": redis.client().info("server")["redis_version"],
        "web_workers": int(os.environ.get("WEB_WORKERS", "2")),
        "web_threads": int(os.environ.get("WEB_THREADS", "4")),
        "mail_batch": settings.MAIL_BATCH,
    }


def processor() -> str:
    """Its name, where the machine tells."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
