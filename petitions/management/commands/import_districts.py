"""Which ZIP code lies in which district, out of our table or the Census Bureau's; which states have new lines."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from csan.lib.import_command import ImportCommand
from petitions import importing


class Command(ImportCommand):
    """The Congress is said, or stands in the heading of the Census Bureau's file."""

    help = "Take in which ZIP code lies in which district, and which states are redrawn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path, help="CSV zip,state,district,precision, or the Census file.")
        parser.add_argument("--congress", type=int, help="Of which Congress, such as 119.")
        parser.add_argument("--redrawn", type=Path, help="A list of the states whose lines change with this Congress.")

    def handle(
        self,
        *args: Any,
        file: Path | None,
        congress: int | None = None,
        redrawn: Path | None = None,
        dry_run: bool = False,
        **options: Any,
    ) -> None:
        if congress is not None and not 1 <= congress <= 999:
            raise CommandError("--congress is the number of a Congress, such as 119.")
        parts = []
        if file:
            parts.append((file, partial(importing.import_districts, file, congress=congress)))
        if redrawn:
            if congress is None:
                raise CommandError("Say with which Congress the lines change: --congress 120.")
            parts.append((redrawn, partial(importing.import_redrawings, redrawn, congress=congress)))
        if not parts:
            raise CommandError("Name a file of districts, or --redrawn with a list of states.")
        self.take_in(parts, dry_run=dry_run)
