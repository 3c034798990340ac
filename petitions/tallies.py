"""The public count: exact at any moment, and cheap under load.

Who changes a signature writes a delta beside it, in the same transaction, and touches no row that others want. One
job at a time sums the deltas into the tallies. The count is tally plus deltas, read in one statement, so it is the
same before, during and after a drain, and after a crash of any part.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F

from csan.lib import bell
from petitions.models import Dimension, Petition, Tally, TallyDelta

logger = logging.getLogger(__name__)

BELL = "petitions.tasks.drain_tallies"

# What `Petition.objects.counted()` says for many petitions, written out: every view of a petition's page asks it.
COUNT = """
    SELECT
        coalesce((SELECT sum(count) FROM petitions_tally
                  WHERE petition_id = %(petition)s AND dimension = %(dimension)s), 0)
        + coalesce((SELECT sum(amount) FROM petitions_tallydelta
                    WHERE petition_id = %(petition)s AND dimension = %(dimension)s), 0)
"""

TRY_TO_BE_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('petitions.tallies'))"
BE_ALONE = "SELECT pg_advisory_xact_lock(hashtext('petitions.tallies'))"

DRAIN = """
    WITH taken AS (
        DELETE FROM petitions_tallydelta RETURNING petition_id, dimension, value, amount
    ), summed AS (
        SELECT petition_id, dimension, value, sum(amount) AS amount, count(*) AS rows
        FROM taken GROUP BY petition_id, dimension, value
    ), written AS (
        INSERT INTO petitions_tally (petition_id, dimension, value, count)
        SELECT petition_id, dimension, value, amount FROM summed
        ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count
    )
    SELECT coalesce(sum(rows), 0) FROM summed
"""


def note(petition_ids: Iterable[int], amount: int) -> None:
    """One signature more (1) or less (-1) for each petition named; call it in the transaction of the change."""
    TallyDelta.objects.bulk_create([TallyDelta(petition_id=pk, amount=amount) for pk in petition_ids])
    bell.ring_on_commit(BELL)


def count(petition: Petition) -> int:
    """How many people have confirmed their signature and stand by it, exactly and now."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"petition": petition.pk, "dimension": Dimension.TOTAL})
        return int(cursor.fetchone()[0])


@transaction.atomic
def drain() -> int:
    """Sum the deltas into the tallies. How many there were; 0 also where another job is at it."""
    with connection.cursor() as cursor:
        cursor.execute(TRY_TO_BE_ALONE)
        if not cursor.fetchone()[0]:
            return 0
        # The lock is held before this statement begins, so it sees all that the last drain has done.
        cursor.execute(DRAIN)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Repair:
    """A tally that had drifted: what it said, and how many confirmed signatures there are."""

    petition_id: int
    slug: str
    counted: int
    confirmed: int

    @property
    def difference(self) -> int:
        return self.confirmed - self.counted


@transaction.atomic
def recount(*, dry_run: bool = False) -> list[Repair]:
    """Compare the counts with the signatures themselves, and repair those that drifted, which should never happen.

    Both numbers come from one statement, so from one moment: a signature and its delta are committed together and
    move both alike. That is why the difference stays right while people go on confirming.
    """
    with connection.cursor() as cursor:
        cursor.execute(BE_ALONE)
    petitions = Petition.objects.recounted().order_by("pk")
    repairs = [Repair(p.pk, p.slug, p.signers, p.confirmed) for p in petitions if p.signers != p.confirmed]
    for repair in repairs:
        logger.warning(
            "The count of petition %s had drifted: it said %s, %s signatures are confirmed%s",
            repair.slug,
            repair.counted,
            repair.confirmed,
            "" if dry_run else "; repaired",
        )
        if not dry_run:
            tally, _ = Tally.objects.get_or_create(petition_id=repair.petition_id, dimension=Dimension.TOTAL, value="")
            Tally.objects.filter(pk=tally.pk).update(count=F("count") + repair.difference)
    return repairs
