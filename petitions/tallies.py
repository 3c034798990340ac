"""The public count: exact at any moment, and cheap under load.

Who changes a signature writes a delta beside it, in the same transaction, and touches no row that others want. One
job at a time sums the deltas into the tallies: by petition, state, district, local, source, signer's code and day. A
count is tally plus deltas, read in one statement, so it is the same before, during and after a drain, and after a
crash of any part.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from csan.lib import bell, changes
from csan.lib.rows import insert_unless_known, new_row
from petitions import counting
from petitions.models import Dimension, Petition, Signature, TallyDelta

logger = logging.getLogger(__name__)

BELL = "petitions.tasks.drain_tallies"
MOST_TOLD = 20  # tallies that a recount names one by one in the log
MEMORY = "SET LOCAL work_mem = '128MB'"  # for one statement a night, so that its hash tables need no disk


class Parts(NamedTuple):
    """All that a confirmed signature counts in."""

    petition_id: int
    state: str
    district: str
    local: int | None
    source_code: str
    day: date


def parts_of(signature: Signature) -> Parts:
    """Every tally that counts this signature, once it is confirmed. `petitions.counting` says it to the database."""
    return Parts(
        signature.petition_id,
        signature.state,
        signature.district,
        signature.known_local_id,
        signature.source_code,
        day_of(signature),
    )


def day_of(signature: Signature) -> date:
    """The day it was confirmed on, where the site is at home. What has not been confirmed would count today."""
    return timezone.localdate(signature.confirmed_at or timezone.now(), timezone.get_default_timezone())


def note(signatures: Iterable[Signature], amount: int) -> None:
    """Each of these counts from now on (1) or no more (-1); call it in the transaction of the change.

    The signatures must be as they stand in that transaction, their rows locked or just written by it: an old state
    would be taken from the wrong tally.
    """
    _write([(parts_of(signature), amount) for signature in signatures])


def note_moved(*, before: Parts, after: Signature) -> None:
    """A signature that counts, and goes on counting, was corrected; `before` are the `parts_of` the locked row."""
    note_all_moved([(before, after)])


def note_all_moved(corrected: Iterable[tuple[Parts, Signature]]) -> None:
    """The same for many."""
    moved = [(before, now) for before, after in corrected if (now := parts_of(after)) != before]
    if moved:
        _write([move for before, now in moved for move in ((before, -1), (now, 1))])


def _write(moves: list[tuple[Parts, int]]) -> None:
    deltas = [new_row(TallyDelta, **parts._asdict(), amount=amount) for parts, amount in moves]
    if len(deltas) == 1:  # most: somebody has confirmed
        insert_unless_known(deltas[0])
    else:
        TallyDelta.objects.bulk_create(deltas)
    changes.mark_on_commit()
    bell.ring_on_commit(BELL)


def count(petition: Petition) -> int:
    """How many people have confirmed their signature and stand by it, exactly and now."""
    with connection.cursor() as cursor:
        cursor.execute(counting.COUNT, {"petition": petition.pk})
        return int(cursor.fetchone()[0])


def by_state(petition: Petition) -> dict[str, int]:
    """How many confirmed signatures each state has, exactly and now; under the empty key those of no known state.

    Here and in what follows small groups are in it: what the public sees goes through `petitions.results`.
    """
    return _by(Dimension.STATE, petition)


def by_district(petition: Petition) -> dict[str, int]:
    """By congressional district, such as AZ-03; under the empty key those whose district is not known."""
    return _by(Dimension.DISTRICT, petition)


def by_local(petition: Petition) -> dict[int | None, int]:
    """By the number of the local in our list; under None those without one that we know."""
    return {int(value) if value else None: number for value, number in _by(Dimension.LOCAL, petition).items()}


def by_source(petition: Petition) -> dict[str, int]:
    """By source code; `friends` are those who came by a signer's own code, empty those by none."""
    return _by(Dimension.SOURCE, petition)


def by_day(petition: Petition) -> dict[date, int]:
    """By the day on which they were confirmed, in the site's time zone; oldest first."""
    return {date.fromisoformat(day): number for day, number in sorted(_by(Dimension.DAY, petition).items())}


def by_code(petition: Petition, code: str) -> int:
    """How many have confirmed who came by this signer's code; one look at an index and at what waits."""
    with connection.cursor() as cursor:
        cursor.execute(counting.OF_CODE, {"petition": petition.pk, "code": code})
        return int(cursor.fetchone()[0])


def _by(dimension: Dimension, petition: Petition) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(counting.BY_VALUE[dimension], {"petition": petition.pk})
        return {value: int(number) for value, number in cursor.fetchall()}


@transaction.atomic
def drain() -> int:
    """Sum the deltas into the tallies. How many there were; 0 also where another job is at it."""
    with connection.cursor() as cursor:
        cursor.execute(counting.TRY_TO_BE_ALONE)
        if not cursor.fetchone()[0]:
            return 0
        # The lock is held before this statement begins, so it sees all that the last drain has done.
        cursor.execute(counting.DRAIN)
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
        cursor.execute(counting.BE_ALONE)
        cursor.execute(MEMORY)
        cursor.execute(counting.COMPARE if dry_run else counting.REPAIR, {"zone": settings.TIME_ZONE})
        repairs = [Repair(*row) for row in cursor.fetchall()]
    for repair in repairs[:MOST_TOLD]:
        logger.warning(
            "The count of petition %s had drifted: it said %s, %s signatures are confirmed%s",
            repair.of,
            repair.counted,
            repair.confirmed,
            "" if dry_run else "; repaired",
        )
    if len(repairs) > MOST_TOLD:
        logger.warning("%s more counts had drifted%s", len(repairs) - MOST_TOLD, "" if dry_run else "; repaired")
    return repairs
