"""The public count: exact at any moment, and cheap under load.

Who changes a signature writes a delta beside it, in the same transaction, and touches no row that others want. One
job at a time sums the deltas into the tallies. The count is tally plus deltas, read in one statement, so it is the
same before, during and after a drain, and after a crash of any part.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from csan.lib import bell
from petitions.models import Dimension, Petition, Signature, TallyDelta

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

BY_VALUE = """
    SELECT value, sum(amount) FROM (
        SELECT value, count AS amount FROM petitions_tally
        WHERE petition_id = %(petition)s AND dimension = %(dimension)s
        UNION ALL
        SELECT value, amount FROM petitions_tallydelta
        WHERE petition_id = %(petition)s AND dimension = %(dimension)s
    ) AS counted
    GROUP BY value HAVING sum(amount) <> 0
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


# What each confirmed signature counts in; `parts_of` says the same of one.
PARTS = "(VALUES ('total', ''), ('state', signature.state)) AS part (dimension, value)"

DRIFTED = f"""
    WITH said AS (
        SELECT petition_id, dimension, value, sum(amount) AS counted FROM (
            SELECT petition_id, dimension, value, count AS amount FROM petitions_tally
            UNION ALL
            SELECT petition_id, dimension, value, amount FROM petitions_tallydelta
        ) AS tallied
        GROUP BY petition_id, dimension, value
    ), are AS (
        SELECT signature.petition_id, part.dimension, part.value, count(*) AS confirmed
        FROM petitions_signature AS signature CROSS JOIN LATERAL {PARTS}
        WHERE signature.status = 'confirmed'
        GROUP BY signature.petition_id, part.dimension, part.value
    )
    SELECT petition_id, petition.slug, dimension, value,
           coalesce(counted, 0)::integer AS counted, coalesce(confirmed, 0)::integer AS confirmed
    FROM said FULL JOIN are USING (petition_id, dimension, value)
    JOIN petitions_petition AS petition ON petition.id = petition_id
    WHERE coalesce(counted, 0) <> coalesce(confirmed, 0)
    ORDER BY petition_id, dimension DESC, value
"""  # noqa: S608 - our own words

REPAIR = """
    INSERT INTO petitions_tally (petition_id, dimension, value, count) VALUES (%s, %s, %s, %s)
    ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count
"""

Part = tuple[int, str, str]  # a petition's number, a dimension and the value in it: what one tally counts


def parts_of(signature: Signature) -> list[Part]:
    """Every tally that counts this signature once it is confirmed. PARTS says the same to the database."""
    petition = signature.petition_id
    return [(petition, Dimension.TOTAL, ""), (petition, Dimension.STATE, signature.state)]


def note(signatures: Iterable[Signature], amount: int) -> None:
    """Each of these counts from now on (1) or no more (-1); call it in the transaction of the change.

    The signatures must be as they stand in that transaction, their rows locked or just written by it: an old state
    would be taken from the wrong tally.
    """
    _write([(part, amount) for signature in signatures for part in parts_of(signature)])


def note_moved(*, before: list[Part], after: Signature) -> None:
    """A signature that counts, and goes on counting, was corrected; `before` are the `parts_of` the locked row."""
    now = parts_of(after)
    gone, come = [part for part in before if part not in now], [part for part in now if part not in before]
    if gone or come:
        _write([*((part, -1) for part in gone), *((part, 1) for part in come)])


def _write(changes: list[tuple[Part, int]]) -> None:
    TallyDelta.objects.bulk_create(
        TallyDelta(petition_id=petition, dimension=dimension, value=value, amount=amount)
        for (petition, dimension, value), amount in changes
    )
    bell.ring_on_commit(BELL)


def count(petition: Petition) -> int:
    """How many people have confirmed their signature and stand by it, exactly and now."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"petition": petition.pk, "dimension": Dimension.TOTAL})
        return int(cursor.fetchone()[0])


def by_state(petition: Petition) -> dict[str, int]:
    """How many confirmed signatures each state has, exactly and now; under the empty key those of no known state.

    Small groups are in it: what the public sees goes through `csan.lib.tilemap`, which hides them.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_VALUE, {"petition": petition.pk, "dimension": Dimension.STATE})
        return {value: int(count) for value, count in cursor.fetchall()}


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
    dimension: str
    value: str
    counted: int
    confirmed: int

    @property
    def difference(self) -> int:
        return self.confirmed - self.counted

    @property
    def of(self) -> str:
        """What it counts, in words for the log."""
        if self.dimension == Dimension.TOTAL:
            return self.slug
        return f"{self.slug}, {self.dimension} {self.value or 'unknown'}"


@transaction.atomic
def recount(*, dry_run: bool = False) -> list[Repair]:
    """Compare the counts with the signatures themselves, and repair those that drifted, which should never happen.

    Both numbers come from one statement, so from one moment: a signature and its deltas are committed together and
    move both alike. That is why the difference stays right while people go on confirming.
    """
    with connection.cursor() as cursor:
        cursor.execute(BE_ALONE)
        cursor.execute(DRIFTED)
        repairs = [Repair(*row) for row in cursor.fetchall()]
        for repair in repairs:
            logger.warning(
                "The count of petition %s had drifted: it said %s, %s signatures are confirmed%s",
                repair.of,
                repair.counted,
                repair.confirmed,
                "" if dry_run else "; repaired",
            )
            if not dry_run:
                part = (repair.petition_id, repair.dimension, repair.value, repair.difference)
                cursor.execute(REPAIR, part)
    return repairs
