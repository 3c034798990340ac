"""The directory of locals out of a CSV file."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from csan.lib.import_command import ImportCommand
from members.importing.local_list import import_locals


class Command(ImportCommand):
    """No local is ever taken away."""

    help = "Take in locals: a CSV file with affiliate, number, name, district, city, state, size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="A CSV file with headings; only the number is required.")

    def handle(self, *args: Any, file: Path, dry_run: bool = False, **options: Any) -> None:
        self.take_in([(file, partial(import_locals, file))], dry_run=dry_run)
