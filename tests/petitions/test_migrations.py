"""The migration that fills in states and their tallies: right at once, again, and in small batches."""

import importlib
from types import SimpleNamespace

import pytest
from django.db import connection

from petitions import tallies
from petitions.models import Signature, TallyDelta
from tests.members.factories import LocalFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory, TallyFactory

pytestmark = pytest.mark.django_db
migration = importlib.import_module("petitions.migrations.0004_states_of_existing_signatures")
EDITOR = SimpleNamespace(connection=connection)


def migrate():
    migration.fill(None, EDITOR)
    migration.tally(None, EDITOR)


def drifted_states():
    return [repair for repair in tallies.recount(dry_run=True) if repair.dimension in ("total", "state")]


@pytest.mark.parametrize("batch", [1, 2, 5000])
def test_what_was_there_before_gets_its_state_and_is_counted_by_it(monkeypatch, batch):
    monkeypatch.setattr(migration, "BATCH", batch)
    petition = PetitionFactory()
    zips = ["75201", "75201", "20001-0001", "00000", "x"]
    for zip_code in zips:
        SignatureFactory(petition=petition, zip_code=zip_code, state="")
    SignatureFactory(petition=petition, zip_code="10001", state="", status="pending")
    TallyFactory(petition=petition, count=5)
    for _ in range(2):
        migrate()
        assert list(Signature.objects.order_by("pk").values_list("state", flat=True)) == [
            "TX", "TX", "DC", "", "", "NY",
        ]  # fmt: skip
        assert (tallies.count(petition), tallies.by_state(petition)) == (5, {"TX": 2, "DC": 1, "": 2})
        assert (drifted_states(), TallyDelta.objects.count()) == ([], 0)


def test_who_confirmed_while_it_ran_is_counted_once():
    petition = PetitionFactory()
    early = SignatureFactory(petition=petition, zip_code="75201", state="")
    TallyFactory(petition=petition, count=1)
    migration.fill(None, EDITOR)
    tallies.note([SignatureFactory(petition=petition, zip_code="75201", state="TX")], 1)
    tallies.drain()
    migration.tally(None, EDITOR)
    early.refresh_from_db()
    assert (early.state, tallies.by_state(petition), drifted_states()) == ("TX", {"TX": 2}, [])


def test_it_can_be_taken_back():
    petition = PetitionFactory()
    SignatureFactory(petition=petition, zip_code="75201", state="")
    TallyFactory(petition=petition, count=1)
    migrate()
    tallies.note([SignatureFactory(petition=petition, zip_code="20001", state="DC")], 1)
    tallies.drain()
    migration.forget(None, EDITOR)
    assert (tallies.count(petition), tallies.by_state(petition)) == (2, {})


# ── One row for each change: 0010 ────────────────────────────────────────────────────────────────

by_all_parts = importlib.import_module("petitions.migrations.0011_count_by_all_parts")
fill_all_parts = importlib.import_module("petitions.migrations.0012_fill_tallies_by_all_parts")


def old_delta(petition, dimension, value, amount=1):
    """As the release before writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO petitions_tallydelta (petition_id, dimension, value, amount, created_at)"
            " VALUES (%s, %s, %s, %s, now()) RETURNING id",
            [petition.pk, dimension, value, amount],
        )
        assert len(cursor.fetchall()) == 1  # Django counts what comes back


def test_what_waited_when_deltas_got_all_parts_is_not_lost():
    petition, other = PetitionFactory(), PetitionFactory()
    TallyFactory(petition=petition, count=10)
    TallyFactory(petition=petition, dimension="state", value="TX", count=10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_tallydelta DISABLE TRIGGER USER, ALTER COLUMN day DROP NOT NULL")
        for dimension, value, amount in [
            ("total", "", 1),
            ("state", "TX", 1),
            ("state", "TX", -1),
            ("state", "NY", 1),
        ]:
            old_delta(petition, dimension, value, amount)
        old_delta(other, "total", "")
        cursor.execute(by_all_parts.FOLD)
    assert TallyDelta.objects.count() == 0
    assert (tallies.count(petition), tallies.by_state(petition)) == (11, {"TX": 10, "NY": 1})
    assert tallies.count(other) == 1


def test_web_processes_of_the_release_before_go_on_counting():
    petition = PetitionFactory()
    SignatureFactory(petition=petition, state="NY")
    old_delta(petition, "total", "")
    old_delta(petition, "state", "TX")
    old_delta(petition, "state", "TX", -1)
    old_delta(petition, "state", "NY")
    assert (tallies.count(petition), tallies.by_state(petition), tallies.recount()) == (1, {"NY": 1}, [])
    assert tallies.drain() == 3
    assert (tallies.count(petition), tallies.by_state(petition), tallies.recount()) == (1, {"NY": 1}, [])


def test_old_signatures_are_counted_by_every_part_and_old_round_numbers_are_no_news():
    petition = PetitionFactory()
    local = LocalFactory()
    SignatureFactory(petition=petition, known_local=local, source_code="f-ana", district="AZ-03",
                     district_how="unique", district_congress=119)  # fmt: skip
    SignatureFactory(petition=petition, source_code="poster")
    SignatureFactory(petition=petition, status="pending", source_code="poster")
    TallyFactory(petition=petition, count=260)
    tallies.note([SignatureFactory(petition=petition, source_code="f-bob")], 1)
    for _ in range(2):
        fill_all_parts.fill(None, EDITOR)
        assert tallies.by_district(petition) == {"AZ-03": 1, "": 2}
        assert tallies.by_local(petition) == {local.pk: 1, None: 2}
        assert tallies.by_source(petition) == {"friends": 2, "poster": 1}
        assert [tallies.by_code(petition, code) for code in ("f-ana", "f-bob", "poster")] == [1, 1, 0]
        assert sum(tallies.by_day(petition).values()) == 3
        assert {repair.dimension for repair in tallies.recount(dry_run=True)} == {"total", "state"}
        assert list(petition.milestones.order_by("step").values_list("step", flat=True)) == [100, 250]
