"""A sender's notes: written before letters' words leave, read by whoever settles for a sender that died.

Letters are announced in the order of their numbers, and begun when the service is ready for their words. A note says
the highest number begun, which letters are in hand (at most one for each connection), and which are announced and no
more. Of the others up to that number, those told are known and the rest were accepted; those behind it were never
begun. One note covers all connections that are ready at that moment, so the faster letters go, the fewer notes each of
them costs.
"""

import json
import uuid
from collections.abc import Iterable

from django.db import connection
from django.db.models.functions import Now

from csan.lib.mail import Outcome, Verdict
from members.models import SendBatch

BEGIN = """
    UPDATE members_sendbatch
    SET begun = %s, in_hand = %s::bigint[], announced = %s::bigint[], beat_at = clock_timestamp()
    WHERE id = %s
"""
BEGIN_AND_TELL = """
    UPDATE members_sendbatch
    SET begun = %s, in_hand = %s::bigint[], announced = %s::bigint[], beat_at = clock_timestamp(),
        exceptions = exceptions || %s::jsonb
    WHERE id = %s
"""


class Fenced(Exception):
    """The batch was taken from this sender, which had been silent too long; it must not begin another letter."""


class Notes:
    """`untold` is what became of letters and the row does not say yet. Who is not told of was accepted."""

    def __init__(self, batch_id: uuid.UUID) -> None:
        self.batch_id = batch_id
        self.begun = 0
        self.untold: dict[int, Outcome] = {}

    def begin(self, numbers: Iterable[int], *, in_hand: Iterable[int], announced: Iterable[int]) -> None:
        """Note that these are about to be handed over beside those in hand. Raises Fenced."""
        fresh = list(numbers)
        begun = max([self.begun, *fresh])
        lists = [as_array([*in_hand, *fresh]), as_array(announced)]
        with connection.cursor() as cursor:
            if self.untold:
                told = [[pk, outcome.verdict, outcome.reason] for pk, outcome in self.untold.items()]
                cursor.execute(BEGIN_AND_TELL, [begun, *lists, json.dumps(told), self.batch_id])
            else:
                cursor.execute(BEGIN, [begun, *lists, self.batch_id])
            if cursor.rowcount != 1:
                raise Fenced
        self.begun = begun
        self.untold.clear()

    def keep(self, number: int, outcome: Outcome) -> None:
        """Remember to tell with the next note."""
        if outcome.verdict is not Verdict.ACCEPTED:
            self.untold[number] = outcome

    def beat(self) -> None:
        """Say that the sender lives. Raises Fenced where it counts as dead already."""
        if not SendBatch.objects.filter(id=self.batch_id).update(beat_at=Now()):
            raise Fenced


def as_array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array of them."""
    return "{" + ",".join(map(str, numbers)) + "}"
