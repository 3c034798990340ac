"""What commands that take files in share: a dry run, a report a file, an exit status that tells of broken lines."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from csan.lib.csvfiles import UnusableFile
from csan.lib.intake import Report

Part = tuple[Path, Callable[[], Report]]  # a file, and what takes it in, in one transaction


class ImportCommand(BaseCommand):
    """Exit status 0 when every line could be read; 1 when one could not, though the others went in."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, write nothing.")

    def take_in(self, parts: Sequence[Part], *, dry_run: bool) -> None:
        """One file after the other. A file that cannot be read at all ends it; those before it are in."""
        with transaction.atomic() if dry_run else nullcontext():
            reports = [self._take_in(path, work) for path, work in parts]
            if dry_run:
                transaction.set_rollback(True)
                self.stdout.write("Dry run: nothing was written.")
        if any(report.broken for report in reports):
            sys.exit(1)

    def _take_in(self, path: Path, work: Callable[[], Report]) -> Report:
        try:
            report = work()
        except (UnusableFile, OSError) as error:
            raise CommandError(f"{path}: {error}") from error
        for word, remarks in (("skipped", report.skipped), ("broken", report.broken)):
            for line, reason in remarks:
                self.stdout.write(f"{f'line {line}: ' if line else ''}{word}: {reason}")
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(f"{path.name}: {report.sums}")
        return report
