"""Compare the petitions' counts with their signatures, and repair what drifted."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from petitions import tallies
from petitions.models import Petition


class Command(BaseCommand):
    """Exit status 0 when every count is right in the end; 1 when a dry run found one that is not."""

    help = "Compare the petitions' counts with their confirmed signatures, and repair the counts that drifted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what is wrong, write nothing.")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        repairs = tallies.recount(dry_run=dry_run)
        petitions = list(Petition.objects.recounted().order_by("pk"))
        for petition in petitions:
            of_this = [repair for repair in repairs if repair.petition_id == petition.pk]
            if not of_this:
                self.stdout.write(
                    f"{petition.slug}: {petition.confirmed} confirmed, {petition.signers} counted, right"
                )
            for repair in of_this:
                done = "would be changed" if dry_run else "changed"
                self.stdout.write(
                    f"{repair.of}: {repair.confirmed} confirmed, {repair.counted} counted, "
                    f"{done} by {repair.difference:+d}: the count had drifted from the signatures"
                )
        wrong = len({repair.petition_id for repair in repairs})
        self.stdout.write(
            f"{len(petitions)} petitions read, {0 if dry_run else wrong} changed, "
            f"{len(petitions) - wrong} right" + (f", {wrong} wrong" if dry_run else "")
        )
        if dry_run and repairs:
            sys.exit(1)
