"""What became of bills, out of the official BILLSTATUS files."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from csan.lib.import_command import ImportCommand
from petitions import importing


class Command(ImportCommand):
    """Each file is a bill."""

    help = "Take in titles, actions, sponsors, cosponsors and companions of bills: BILLSTATUS XML of govinfo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="Such as BILLSTATUS-115hr1300.xml")

    def handle(self, *args: Any, files: list[Path], dry_run: bool = False, **options: Any) -> None:
        self.take_in([(file, partial(importing.import_bill_status, file)) for file in files], dry_run=dry_run)
