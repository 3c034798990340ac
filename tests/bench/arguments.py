"""What to measure and for how long; read by the program that starts the servers and by the one that measures."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

PARTS = ("signs", "confirms", "pages", "nginx", "letters", "million")
LONG_PARTS = ("five-million", "chaos", "week")  # only where they are named


@dataclass(frozen=True)
class Arguments:
    """As given on the command line. `middle` is how many clients there are where only one number is measured."""

    rounds: int
    seconds: float
    clients: list[int]
    signatures: int
    signers: int
    readers: int
    million: int
    places: int
    only: list[str]
    file: Path

    @property
    def middle(self) -> int:
        return sorted(self.clients)[len(self.clients) // 2]


def read_arguments() -> Arguments:
    """Those of this process."""
    data_dir = Path(os.environ.get("DATA_DIR") or ".data").expanduser().absolute()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures signing, reading, mailing.")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each kind, in turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="how long a run of requests lasts (%(default)s)")
    parser.add_argument(
        "--clients", type=int, nargs="+", default=[8, 32, 128], help="visitors at the same time (%(default)s)"
    )
    parser.add_argument("--signatures", type=int, default=5_000_000, help="of five-million (%(default)s)")
    parser.add_argument("--signers", type=int, default=20_000, help="of chaos (%(default)s)")
    parser.add_argument("--readers", type=int, default=10_000, help="of the newsletter (%(default)s)")
    parser.add_argument("--million", type=int, default=1_000_000, help="readers of the large issue (%(default)s)")
    parser.add_argument("--places", type=int, default=2000, help="registrations of week (%(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS + LONG_PARTS, default=list(PARTS), help="these")
    parser.add_argument("--file", type=Path, default=data_dir / "bench.json", help="for the figures (%(default)s)")
    return Arguments(**vars(parser.parse_args()))
