"""The migration that fills in states and their tallies: right at once, again, and in small batches."""

import importlib
from types import SimpleNamespace

import pytest
from django.db import connection

from petitions import tallies
from petitions.models import Signature, TallyDelta
from tests.petitions.factories import PetitionFactory, SignatureFactory, TallyFactory

pytestmark = pytest.mark.django_db
migration = importlib.import_module("petitions.migrations.0004_states_of_existing_signatures")
EDITOR = SimpleNamespace(connection=connection)


def migrate():
    migration.fill(None, EDITOR)
    migration.tally(None, EDITOR)


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
        assert (tallies.recount(), TallyDelta.objects.count()) == ([], 0)


def test_who_confirmed_while_it_ran_is_counted_once():
    petition = PetitionFactory()
    early = SignatureFactory(petition=petition, zip_code="75201", state="")
    TallyFactory(petition=petition, count=1)
    migration.fill(None, EDITOR)
    tallies.note([SignatureFactory(petition=petition, zip_code="75201", state="TX")], 1)
    migration.tally(None, EDITOR)
    early.refresh_from_db()
    assert (early.state, tallies.by_state(petition), tallies.recount()) == ("TX", {"TX": 2}, [])


def test_it_can_be_taken_back():
    petition = PetitionFactory()
    SignatureFactory(petition=petition, zip_code="75201", state="")
    TallyFactory(petition=petition, count=1)
    migrate()
    tallies.note([SignatureFactory(petition=petition, zip_code="20001", state="DC")], 1)
    migration.forget(None, EDITOR)
    assert (tallies.count(petition), tallies.by_state(petition)) == (2, {})
