"""The public count: exact before, during and after a drain; a drift is found, repaired and told."""

import logging
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from csan.lib import changes
from csan.lib.redis import client
from petitions import tallies, tasks
from petitions.models import Petition, Signature, Tally, TallyDelta
from tests.petitions.factories import (
    PetitionFactory,
    SignatureFactory,
    TallyDeltaFactory,
    TallyFactory,
    tally,
)


def test_the_count_is_tally_and_deltas_in_one_statement(petition, django_assert_num_queries):
    TallyFactory(petition=petition, count=10)
    TallyDeltaFactory.create_batch(3, petition=petition)
    TallyDeltaFactory(petition=petition, amount=-1)
    TallyFactory(count=99)
    with django_assert_num_queries(1):
        assert tallies.count(petition) == 12


def test_a_petition_that_nobody_signed_counts_zero(petition):
    assert tallies.count(petition) == 0


def totals():
    return dict(Tally.objects.filter(dimension="total").values_list("petition", "count"))


def test_a_drain_moves_deltas_into_tallies_and_leaves_the_count(petition):
    other = PetitionFactory()
    TallyFactory(petition=petition, count=10)
    TallyDeltaFactory.create_batch(3, petition=petition)
    TallyDeltaFactory(petition=other)
    TallyDeltaFactory(petition=other, amount=-1)
    assert tallies.drain() == 5
    assert totals() == {petition.pk: 13, other.pk: 0}
    assert (TallyDelta.objects.count(), tallies.drain()) == (0, 0)


def test_the_count_of_a_state_is_tally_and_deltas_in_one_statement(petition, django_assert_num_queries):
    tally(petition, DC=10, TX=2, unknown=1)
    TallyDeltaFactory.create_batch(3, petition=petition, state="TX")
    TallyDeltaFactory(petition=petition, state="DC", amount=-1)
    TallyDeltaFactory(petition=petition, state="ME")
    TallyDeltaFactory(petition=petition, state="ME", amount=-1)
    tally(PetitionFactory(), DC=99)
    with django_assert_num_queries(1):
        assert tallies.by_state(petition) == {"DC": 9, "TX": 5, "": 1}
    tallies.drain()
    assert tallies.by_state(petition) == {"DC": 9, "TX": 5, "": 1}


@pytest.mark.django_db(transaction=True)
def test_one_drain_at_a_time():
    TallyDeltaFactory()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('petitions.tallies'))")
        assert (tallies.drain(), TallyDelta.objects.count()) == (0, 1)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert (tallies.drain(), TallyDelta.objects.count()) == (1, 0)


def test_a_recount_finds_nothing_where_nothing_drifted(petition, caplog):
    SignatureFactory.create_batch(2, petition=petition)
    SignatureFactory(petition=petition, status=Signature.Status.PENDING)
    tally(petition, DC=1)
    tallies.note([Signature.objects.first()], 1)
    assert (tallies.recount(), caplog.messages) == ([], [])


@pytest.mark.parametrize("planted", [-5, 0, 7])
def test_a_recount_repairs_a_drifted_tally_and_alarms(petition, caplog, planted):
    SignatureFactory.create_batch(3, petition=petition)
    tally(petition, DC=3)
    Tally.objects.filter(dimension="total").update(count=planted)
    assert tallies.recount() == [tallies.Repair(petition.pk, petition.slug, "total", "", planted, 3)]
    assert tallies.count(petition) == 3
    said = (
        f"The count of petition {petition.slug} had drifted: it said {planted}, 3 signatures are confirmed; repaired"
    )
    assert caplog.record_tuples == [("petitions.tallies", logging.WARNING, said)]
    assert tallies.recount() == []


def test_a_recount_repairs_each_dimension_by_itself(petition, caplog):
    SignatureFactory.create_batch(3, petition=petition)
    SignatureFactory(petition=petition, state="")
    tally(petition, DC=1, TX=3)
    repairs = [(each.dimension, each.value, each.counted, each.confirmed) for each in tallies.recount()]
    assert repairs == [("state", "", 0, 1), ("state", "DC", 1, 3), ("state", "TX", 3, 0)]
    assert (tallies.count(petition), tallies.by_state(petition)) == (4, {"DC": 3, "": 1})
    assert caplog.messages[0] == (
        "The count of petition save-call-center-jobs, state unknown had drifted: "
        "it said 0, 1 signatures are confirmed; repaired"
    )
    assert tallies.recount() == []


def test_a_signatures_parts_are_those_that_a_recount_counts(petition):
    tallies.note([SignatureFactory(petition=petition, state="TX"), SignatureFactory(petition=petition, state="")], 1)
    assert tallies.recount() == []


def test_a_recount_makes_the_tally_that_is_missing(petition):
    SignatureFactory(petition=petition)
    tallies.recount()
    assert set(Tally.objects.values_list("dimension", "value", "count")) == {
        ("total", "", 1), ("state", "DC", 1), ("district", "", 1), ("local", "", 1), ("source", "", 1),
        ("day", timezone.localdate().isoformat(), 1),
    }  # fmt: skip


def test_the_task_answers_the_bell_and_drains(petition):
    client().set("csan:bell:petitions.tasks.drain_tallies:0", "1")
    TallyDeltaFactory(petition=petition)
    for _ in range(2):
        tasks.drain_tallies(slot=0)
    assert totals() == {petition.pk: 1}
    assert client().exists("csan:bell:petitions.tasks.drain_tallies:0") == 0


def test_the_nightly_task_recounts(petition):
    SignatureFactory(petition=petition)
    tasks.recount_tallies()
    assert tallies.count(petition) == 1


def test_a_delta_rings_the_bell_when_it_is_committed(petition, django_capture_on_commit_callbacks):
    before = changes.seen()
    with django_capture_on_commit_callbacks(execute=True):
        tallies.note([SignatureFactory(petition=petition)], 1)
        assert client().exists("csan:bell:petitions.tasks.drain_tallies:0") == 0
        assert changes.seen() == before
    assert changes.seen() != before  # web processes make the count anew
    assert client().exists("csan:bell:petitions.tasks.drain_tallies:0") == 1


def command(*options):
    """What the command printed, and its exit status."""
    out = StringIO()
    try:
        call_command("recount_tallies", *options, stdout=out)
    except SystemExit as end:
        return out.getvalue().splitlines(), end.code
    return out.getvalue().splitlines(), 0


def test_the_command_says_what_is_right(petition):
    SignatureFactory(petition=petition)
    tally(petition, DC=1)
    assert command() == (
        ["save-call-center-jobs: 1 confirmed, 1 counted, right", "1 petitions read, 0 changed, 1 right"],
        0,
    )


def test_a_dry_run_says_what_is_wrong_and_writes_nothing(petition):
    TallyFactory(petition=petition, count=4)
    lines, status = command("--dry-run")
    assert lines == [
        "save-call-center-jobs: 0 confirmed, 4 counted, would be changed by -4: "
        "the count had drifted from the signatures",
        "1 petitions read, 0 changed, 0 right, 1 wrong",
    ]
    assert (status, tallies.count(petition)) == (1, 4)


def test_the_command_repairs(petition):
    TallyFactory(petition=petition, count=4)
    lines, status = command()
    assert lines == [
        "save-call-center-jobs: 0 confirmed, 4 counted, changed by -4: the count had drifted from the signatures",
        "1 petitions read, 1 changed, 0 right",
    ]
    assert (status, tallies.count(petition)) == (0, 0)


def test_the_hot_table_has_no_index_that_it_can_do_without(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", ["petitions_signature"])
        indexes = dict(cursor.fetchall())
    whole = {name for name, how in indexes.items() if " WHERE " not in how}
    assert whole == {"petitions_signature_key", "petitions_signature_once", "petitions_signature_pkey"}
    # The others are partial. A usual sign writes to the first alone, confirming to four, what is odd to the rest.
    assert set(indexes) - whole == {
        "petitions_signature_pending",
        "petitions_signed_by_district",
        "petitions_signed_by_name",
        "petitions_signed_by_source",
        "petitions_signed_by_state",
        "petitions_signature_set_apart",
        "petitions_signature_stateless",
        "petitions_signature_stories",
        "petitions_signature_suspected",
        "petitions_signature_uncertain",
        "petitions_signature_unlooked",
    }


def test_counts_of_many_petitions_take_one_statement(django_assert_num_queries, db):
    for number in range(3):
        TallyDeltaFactory.create_batch(number, petition=PetitionFactory(opens_at=timezone.now()))
    with django_assert_num_queries(1):
        assert [each.signers for each in Petition.objects.public().counted().order_by("pk")] == [0, 1, 2]
