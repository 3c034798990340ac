"""People sign and confirm on the real web server while everything but PostgreSQL is killed: the count is exact.

`python -m tests.bench --only chaos` does the same with 20,000.
"""

import pytest
from django.db.models import Count

from members import outbox
from petitions import tallies
from petitions.models import Signature
from tests.petitions.factories import PetitionFactory
from tests.storm import VICTIMS, ZIPS, Storm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale]

SIGNERS = 400


def test_four_hundred_sign_and_confirm_while_everything_but_postgresql_is_killed_in_turn(tmp_path):
    petition = PetitionFactory()
    slot = outbox.quiet_slot()
    storm = Storm(tmp_path, petition, signers=SIGNERS, clients=16)
    try:
        seen = storm.rage(pause=0.3)
    finally:
        storm.stop()
    confirmed = SIGNERS - 7
    assert (seen["signs"]["wrong"], seen["signs"]["accepted"]) == ([], SIGNERS * 11 // 10)
    assert (seen["confirms"]["wrong"], seen["confirms"]["accepted"]) == ([], confirmed + confirmed // 10)
    assert set(seen["killed"]) == set(VICTIMS)
    assert seen["drift"] == []
    assert seen["counted_before_the_drain"] == confirmed
    letters = seen["rows"].pop("letters")
    assert letters["thank_you"] == confirmed
    # Whoever signs again in the next quiet period gets their letter again; the storm may fall into two of them.
    again = 0 if outbox.quiet_slot() == slot else SIGNERS // 10
    assert SIGNERS <= letters["confirm_signature"] <= SIGNERS + again
    assert seen["rows"] == {
        "signatures": SIGNERS,
        "mailboxes": SIGNERS,
        "confirmed": confirmed,
        "counted": confirmed,
        "signatures_without_letter": 0,
        "confirmed_without_thanks": 0,
        "letters_twice": 0,
    }
    assert tallies.by_state(petition) == (states := confirmed_by_state())
    assert (len(states), sum(states.values())) == (len(ZIPS), confirmed)


def confirmed_by_state():
    """As the signatures themselves say it."""
    rows = Signature.objects.counting().values("state").annotate(count=Count("pk"))
    return dict(rows.values_list("state", "count"))
