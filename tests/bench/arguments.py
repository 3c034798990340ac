"""What to measure and for how long; read by the program that starts the servers and by the one that measures."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

PARTS = ("signs", "pages", "letters", "million")


@dataclass(frozen=True)
class Arguments:
    """As given on the command line."""

    rounds: int
    seconds: float
    clients: int
    readers: int
    million: int
    only: list[str]
    file: Path


def read_arguments() -> Arguments:
    """Those of this process."""
    data_dir = Path(os.environ.get("DATA_DIR") or ".data").expanduser().absolute()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures signing, reading, mailing.")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each kind, in turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="how long a run of requests lasts (%(default)s)")
    parser.add_argument("--clients", type=int, default=32, help="visitors at the same time (%(default)s)")
    parser.add_argument("--readers", type=int, default=10_000, help="of the newsletter (%(default)s)")
    parser.add_argument("--million", type=int, default=1_000_000, help="readers of the large issue (%(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure only these")
    parser.add_argument("--file", type=Path, default=data_dir / "bench.json", help="for the figures (%(default)s)")
    return Arguments(**vars(parser.parse_args()))
