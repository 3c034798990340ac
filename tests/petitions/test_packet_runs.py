"""Packets for everybody: one after the other in the background, cancelled, killed, taken along in one archive."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection, transaction

from csan.lib.archives import archive
from petitions import tallies, tasks
from petitions.delivering import runs
from petitions.models import Packet, PacketRun, Signature
from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions import congress
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db(transaction=True)
LISTED = "/admin/petitions/packetrun/"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    with time_machine.travel(congress.NOON, tick=False):
        yield


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def petition():
    made = PetitionFactory(slug="jobs")
    congress.bill(made)
    return made


@pytest.fixture
def terms(petition):
    """Two districts in which people have signed, one in which nobody has, and a senator."""
    found = [congress.representative(number, f"M{number}", "AZ", f"0{number}") for number in (1, 2, 3)]
    for number, district in enumerate(("AZ-01", "AZ-02"), 1):
        congress.signed(petition, number, district=district)
    return [*found, congress.senator(4, "Bell", "AZ")]


@pytest.fixture
def run(petition, terms, staff):
    return runs.begin(petition=petition, terms=terms, by=staff)


def state(run):
    run.refresh_from_db()
    return run.status, run.seen, run.made


def unpacked(pieces):
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def finish():
    """A worker's turns, however slow the machine is."""
    while runs.work(seconds=60):
        pass


def test_every_member_for_whom_somebody_signed_gets_a_packet(run, staff):
    finish()
    assert state(run) == ("done", 4, 3)
    assert dict(Packet.objects.values_list("seat", "count")) == {"AZ-01": 1, "AZ-02": 2, "AZ": 3}
    files = unpacked(runs.download(run=run, by=staff))
    assert sorted(files) == [
        "AZ-01-M1-2026-06-01.csv", "AZ-01-M1-2026-06-01.pdf", "AZ-02-M2-2026-06-01.csv", "AZ-02-M2-2026-06-01.pdf",
        "AZ-Bell-2026-06-01.csv", "AZ-Bell-2026-06-01.pdf",
    ]  # fmt: skip
    digest = Packet.objects.get(seat="AZ-02").digest
    assert hashlib.sha256(files["AZ-02-M2-2026-06-01.csv"]).hexdigest() == digest
    assert all(body.startswith(b"%PDF-") for name, body in files.items() if name.endswith(".pdf"))


def test_working_twice_makes_nothing_twice(run):
    finish()
    assert not runs.work()
    assert Packet.objects.count() == 3


def test_a_cancelled_run_keeps_what_was_made_and_makes_no_more(run, staff):
    runs.step(run.pk)
    runs.cancel(run=run, by=staff)
    assert not runs.work()
    assert state(run) == ("cancelled", 1, 1)
    assert len(unpacked(runs.download(run=run, by=staff))) == 2
    with pytest.raises(runs.WrongState):
        runs.cancel(run=run, by=staff)


def test_a_worker_that_is_killed_over_a_packet_loses_that_one_and_the_next_goes_on(run):
    runs.step(run.pk)

    class Killed(BaseException):
        """As SIGKILL: nobody catches it, and the connection is gone with the transaction."""

    with pytest.raises(Killed), transaction.atomic():
        runs._step(run.pk)
        raise Killed
    assert state(run) == ("running", 1, 1)
    assert Packet.objects.count() == 1
    assert len(default_storage.listdir("private/packets")[1]) == 4  # two of them without a row
    tasks.ring_for_packets()
    while runs.is_any_due():
        tasks.make_packets()
    assert state(run) == ("done", 4, 3)
    named = {name for pair in Packet.objects.values_list("pdf", "annex") for name in pair}
    assert len(named) == 6


def test_what_fails_is_tried_again_and_given_up_with_a_reason(run):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_packetsignature RENAME TO hidden")
    try:
        for seconds in (0, 10, 30):
            with time_machine.travel(congress.NOON + timedelta(seconds=seconds)):
                runs.step(run.pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO petitions_packetsignature")
    assert state(run) == ("failed", 0, 0)
    assert run.reason == "A packet failed (ProgrammingError)."


def test_two_workers_make_each_packet_once(run):
    with transaction.atomic():
        PacketRun.objects.select_for_update().get(pk=run.pk)
        assert Packet.objects.count() == 0
    while runs.step(run.pk):
        pass
    assert Packet.objects.count() == 3


def test_a_run_whose_files_are_deleted_says_so(run, staff):
    finish()
    with time_machine.travel(congress.NOON + timedelta(days=31)):
        tasks.forget_deliveries()
    assert state(run) == ("forgotten", 4, 3)
    with pytest.raises(runs.NotReady):
        runs.download(run=run, by=staff)
    assert default_storage.listdir("private/packets")[1] == []


def test_the_board_asks_for_packets_of_whom_it_shows_and_the_page_follows(terms, petition, staff, client):
    tallies.note(list(Signature.objects.all()), 1)
    client.force_login(staff)
    asked = client.post(f"/admin/petitions/delivery/whip/{petition.pk}/?chamber=house", {"do": "packets"})
    run = PacketRun.objects.get()
    assert (asked.url, run.terms) == (f"{LISTED}{run.pk}/change/", [term.pk for term in terms[:2]])
    assert client.get(f"{LISTED}{run.pk}/progress.json").json()["candidates"] == 2
    finish()
    page = client.get(asked.url).content.decode()
    assert "Download all as a ZIP file (recorded)" in page
    taken = client.post(asked.url, {"do": "download"})
    assert (taken["Content-Type"], len(unpacked(taken.streaming_content))) == ("application/zip", 4)
    assert client.get(LISTED).status_code == 200
    log = [entry.change_message for entry in staff.logentry_set.order_by("pk")]
    assert log[0] == "Asked for packets (members: 2)"
    assert log[-1] == "Downloaded packets (packets: 2)"
    client.force_login(permitted("view_packetrun"))
    assert client.post(asked.url, {"do": "download"}).status_code == 403


def test_nobody_to_make_a_packet_for(petition, staff):
    with pytest.raises(runs.NobodyChosen):
        runs.begin(petition=petition, terms=[], by=staff)


def test_an_archive_is_made_piece_by_piece_and_holds_what_went_in():
    big = b"x" * 700_000
    pieces = list(archive([("a.pdf", congress.NOON, io.BytesIO(big)), ("b.csv", congress.NOON, io.BytesIO(b"1,2"))]))
    assert max(map(len, pieces)) < 300_000
    assert unpacked(pieces) == {"a.pdf": big, "b.csv": b"1,2"}
