"""Who sits in Congress, with their offices at home and their committees."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from csan.lib.import_command import ImportCommand
from petitions import importing


class Command(ImportCommand):
    """Nobody is deleted; who left Congress has a term that has ended."""

    help = "Take in legislators and their terms, as CSV or JSON of unitedstates/congress-legislators."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="legislators-current.json (with all terms) or .csv")
        parser.add_argument("--offices", type=Path, help="legislators-district-offices.csv or .json")
        parser.add_argument("--committees", type=Path, help="committee-membership-current.csv or .json")

    def handle(
        self,
        *args: Any,
        file: Path,
        offices: Path | None = None,
        committees: Path | None = None,
        dry_run: bool = False,
        **options: Any,
    ) -> None:
        parts = [(file, partial(importing.import_legislators, file))]
        if offices:
            parts.append((offices, partial(importing.import_offices, offices)))
        if committees:
            parts.append((committees, partial(importing.import_committees, committees)))
        self.take_in(parts, dry_run=dry_run)
