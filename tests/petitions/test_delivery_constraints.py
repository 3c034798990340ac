"""The database holds the rules of deliveries and sheets: each of them refuses what it is there to refuse."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from petitions.models import Delivery, Packet, PacketRun, PacketSignature, PaperLine, PaperSheet, Position, Referral
from tests.members.factories import StaffFactory
from tests.petitions import congress
from tests.petitions.factories import MeasureFactory, PetitionFactory

pytestmark = pytest.mark.django_db
CODE = "abcdefghjk"
HASH = "0" * 64


@pytest.fixture
def petition():
    return PetitionFactory()


@pytest.fixture
def term():
    return congress.representative(1, "Ames", "AZ", "03")


@pytest.fixture
def packet(petition, term):
    def packet(**changes):
        row = {
            "petition": petition,
            "version": petition.current_version,
            "legislator": term.legislator,
            "code": CODE,
            "seat": "AZ-03",
        }
        return Packet.objects.create(**{**row, **changes})

    return packet


def refused(constraint, act, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act(**values)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_packet_code", {"code": "ABCDEFGHJK"}),
        ("petitions_packet_code", {"code": "short"}),
        ("petitions_packet_seat", {"seat": "AZ-3"}),
        ("petitions_packet_seat", {"seat": "az"}),
        ("petitions_packet_digest", {"digest": "x"}),
        ("petitions_packet_files", {"pdf": "a.pdf", "digest": HASH}),
        ("petitions_packet_files", {"pdf": "a.pdf", "annex": "a.csv"}),
        (
            "petitions_packet_forgotten",
            {"pdf": "a.pdf", "annex": "a.csv", "digest": HASH, "forgotten_at": timezone.now()},
        ),
    ],
)
def test_a_packet_is_whole(packet, constraint, changes):
    refused(constraint, packet, **changes)


def test_a_packet_has_a_code_of_its_own_and_a_signature_once_and_a_run_a_member_once(packet, petition):
    run = PacketRun.objects.create(petition=petition, terms=[])
    made = packet(run=run)
    refused("petitions_packet_code", packet)
    refused("petitions_packet_once_a_run", packet, code="k" * 10, run=run)
    row = congress.signed(petition)[0]
    PacketSignature.objects.create(packet=made, signature=row)
    refused("petitions_packetsignature_once", PacketSignature.objects.create, packet=made, signature=row)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_packetrun_status", {"status": "perhaps", "finished_at": timezone.now()}),
        ("petitions_packetrun_finished", {"status": "done"}),
        ("petitions_packetrun_finished", {"finished_at": timezone.now()}),
        ("petitions_packetrun_explained", {"status": "failed", "finished_at": timezone.now()}),
    ],
)
def test_a_run_says_where_it_is(petition, constraint, changes):
    refused(constraint, PacketRun.objects.create, petition=petition, terms=[], **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_delivery_how", {"how": "pigeon"}),
        ("petitions_delivery_seat", {"seat": "Arizona"[:5]}),
        ("petitions_delivery_digest", {"digest": "abc"}),
        ("petitions_delivery_answered", {"answer": "Yes."}),
        ("petitions_delivery_answered", {"answered_on": congress.TODAY}),
    ],
)
def test_a_delivery_is_whole(petition, term, constraint, changes):
    row = {
        "petition": petition, "legislator": term.legislator, "seat": "AZ-03", "on": congress.TODAY, "how": "mail",
        "count": 1,
    }  # fmt: skip
    refused(constraint, Delivery.objects.create, **{**row, **changes})


def test_a_position_is_one_of_five_and_a_committee_has_a_bill_once(petition, term):
    row = {"petition": petition, "legislator": term.legislator, "on": congress.TODAY}
    refused("petitions_position_stance", Position.objects.create, **row, stance="perhaps")
    bill = MeasureFactory()
    Referral.objects.create(measure=bill, committee="HSIF")
    refused("petitions_referral_once", Referral.objects.create, measure=bill, committee="HSIF")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_papersheet_status", {"status": "lost"}),
        ("petitions_papersheet_checked", {"status": "checked", "settled_at": timezone.now()}),
        ("petitions_papersheet_settled", {"status": "set-aside"}),
        ("petitions_papersheet_settled", {"settled_at": timezone.now()}),
    ],
)
def test_a_sheet_says_where_it_is(petition, constraint, changes):
    refused(constraint, congress.sheet, petition=petition, staff=StaffFactory(), **changes)


def test_a_sheet_is_checked_by_somebody_else_and_has_its_number_once(petition):
    staff = StaffFactory()
    congress.sheet(petition, staff)
    refused("petitions_papersheet_number", congress.sheet, petition=petition, staff=staff)
    own = {"status": "checked", "checked_by": staff, "settled_at": timezone.now()}
    refused("petitions_papersheet_two_people", congress.sheet, petition=petition, staff=staff, number=2, **own)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_paperline_typed", {"name": ""}),
        ("petitions_paperline_typed", {"zip_code": "850"}),
        ("petitions_paperline_place", {"state": "arizona"[:2]}),
        ("petitions_paperline_place", {"district": "AZ3"}),
        ("petitions_paperline_position", {"position": 1}),
    ],
)
def test_a_row_is_whole(petition, constraint, changes):
    sheet = congress.sheet(petition, StaffFactory())
    congress.line(sheet, "Ana Ruiz")
    row = {
        "sheet": sheet, "position": 2, "name": "Bea Poe", "zip_code": "85003", "state": "AZ",
        "keyed_by": sheet.keyed_by,
    }  # fmt: skip
    refused(constraint, PaperLine.objects.create, **{**row, **changes})


def test_a_row_is_not_the_same_as_itself(petition):
    line = congress.line(congress.sheet(petition, StaffFactory()), "Ana Ruiz")
    refused("petitions_paperline_same_as", PaperLine.objects.filter(pk=line.pk).update, same_as=line)


def test_a_sheet_with_rows_is_whole_again_after_the_signer_is_erased(petition):
    row = congress.signed(petition)[0]
    line = congress.line(congress.sheet(petition, StaffFactory()), "Ada Lovelace", signature=row)
    row.delete()
    line.refresh_from_db()
    assert (line.signature, PaperSheet.objects.count()) == (None, 1)
