"""Who put their name to which bill, out of a list that staff keep."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from csan.lib.import_command import ImportCommand
from petitions import importing


class Command(ImportCommand):
    """A line a name."""

    help = "Take in cosponsors: a CSV file with measure, bioguide, since, withdrawn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="A CSV file with headings.")

    def handle(self, *args: Any, file: Path, dry_run: bool = False, **options: Any) -> None:
        self.take_in([(file, partial(importing.import_cosponsors, file))], dry_run=dry_run)
