"""Subscribers out of a CSV file, by the same way as on the staff site."""

import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from csan.lib.csvfiles import UnusableFile
from members import importing
from members.models import SubscriberImport

SAID = {"added": "added", "merged": "changed", "skipped": "skipped", "refused": "refused", "invalid": "broken"}
NOT_SAID = importing.Consent(source="not said (dry run)", on=date(2000, 1, 1), wording="not said (dry run)")


class Command(BaseCommand):
    """Exit status 0 when every line could be read; 1 when one could not, though the others went in."""

    help = "Take subscribers in from a CSV file with headings; duplicates are merged, who left or bounced stays out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A CSV file whose first line has headings.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, write nothing.")
        parser.add_argument(
            "--consent-source", default="", help="Where they agreed: “sign-up sheet, October meeting”."
        )
        parser.add_argument("--consented-on", type=date.fromisoformat, help="The day of it, such as 2026-10-14.")
        parser.add_argument("--wording", default="", help="The sentence that they agreed to.")
        parser.add_argument("--ask", action="store_true", help="Send each a letter with a button to confirm.")

    def handle(self, *args: Any, file: Path, dry_run: bool = False, ask: bool = False, **options: Any) -> None:
        mode = SubscriberImport.Mode.ASK if ask else SubscriberImport.Mode.AGREED
        consent = NOT_SAID if dry_run else consent_of(**options)
        try:
            with transaction.atomic():
                job = self.upload(file, consent, mode)
                if dry_run:
                    go(job)
                    is_whole = self.report(job)
                    transaction.set_rollback(True)
        except (UnusableFile, OSError) as error:
            raise CommandError(str(error)) from error
        except importing.NoAddresses as error:
            raise CommandError(
                "No heading of the file says where the e-mail addresses are; call it “email”."
            ) from error
        if not dry_run:
            go(job)
            importing.run(job=job, by=None)
            go(job)
            is_whole = self.report(job)
        if not is_whole:
            sys.exit(1)

    def upload(self, path: Path, consent: importing.Consent, mode: str) -> SubscriberImport:
        """The file as rows, to be looked through."""
        with path.open("rb") as file:
            job = importing.upload(file=file, filename=path.name, consent=consent, mode=mode, by=None)
        importing.check(job=job, columns=job.columns, by=None)
        named = ", ".join(f"{name} = “{job.headings[number]}”" for name, number in sorted(job.columns.items()))
        self.stdout.write(f"{path.name}: {job.encoding}, columns {named}")
        return job

    def report(self, job: SubscriberImport) -> bool:
        """Every line that did not simply go in, then the sums. Whether every line could be read."""
        for problem in importing.problems(job):
            self.stdout.write(f"line {problem.line}: {SAID[problem.outcome]}: {problem.reason}")
        counts = job.counts if job.started_at else job.forecast
        sums = ", ".join(f"{counts.get(outcome, 0)} {word}" for outcome, word in SAID.items())
        self.stdout.write(f"{job.rows} lines read, {sums}" + ("" if job.started_at else " (dry run: nothing written)"))
        if job.status == SubscriberImport.Status.RUNNING:
            self.stdout.write(
                f"{job.rows - job.rows_done} lines are still to come: so many letters an hour, the worker goes on."
            )
        if job.status == SubscriberImport.Status.FAILED:
            raise CommandError(job.reason)
        return not counts.get(importing.INVALID)


def consent_of(*, consent_source: str, consented_on: date | None, wording: str, **options: Any) -> importing.Consent:
    """Where, when and to what they agreed. Raises CommandError where that is not said."""
    if not consent_source.strip() or not wording.strip() or consented_on is None:
        raise CommandError(
            "Say where, when and to what these people agreed: --consent-source, --consented-on, --wording."
        )
    if consented_on > timezone.localdate():
        raise CommandError("--consented-on is a day that has not been yet.")
    return importing.Consent(source=consent_source.strip()[:150], on=consented_on, wording=wording.strip())


def go(job: SubscriberImport) -> None:
    """Work until the import is through, or has to wait for its next letters; a worker may be at it, too."""
    while job.status in SubscriberImport.UNDER_WAY:
        if not importing.step(job.pk):
            time.sleep(0.1)
        job.refresh_from_db()
        if job.resumes_at and job.resumes_at > timezone.now() and not job.attempts:
            return
