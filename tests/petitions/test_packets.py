"""Packets: what is in them and what never is, that they can be verified, made again, downloaded and forgotten."""

import hashlib
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from pypdf import PdfReader

from csan.lib import private_files, typefaces
from petitions import stories, tallies
from petitions.delivering import annex, deliveries, packets, pages
from petitions.models import Packet, Signature
from tests.members.factories import LocalFactory, StaffFactory
from tests.members.permitted import permitted
from tests.petitions import congress
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [
    ("Nguyễn Thị", "Mai"), ("Keliʻi", "Kahananui"), ("José-Luis", "Muñoz Rivera"), ("مریم", "Mirzakhani"),
    ("=1+1", "O'Brien"), ("X Æ", "A-12"), ("李", "小龙"), ("W" * 80, "M" * 80), ("<b>Null</b>", "True"),
    ("Zoë 😀", "Ö"),
]  # fmt: skip


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
def term():
    return congress.representative(1, "Ames", "AZ", "03")


def make(petition, term, staff):
    return packets.make_packet(petition=petition, term=term, by=staff)


def content(packet, kind, staff):
    with packets.download(packet=packet, kind=kind, by=staff).file as file:
        return file.read()


def words(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def count(petition):
    tallies.note(list(Signature.objects.counting().filter(petition=petition)), 1)


def test_a_packet_has_the_confirmed_of_the_district_and_no_address(petition, term, staff):
    ada = congress.signed(petition, given_name="Ada", family_name="Lovelace")[0]
    congress.signed(petition, given_name="Bea", status="pending")
    congress.signed(petition, given_name="Cid", status="withdrawn")
    congress.signed(petition, given_name="Dot", district="AZ-07")
    congress.signed(PetitionFactory(), given_name="Eve")
    packet = make(petition, term, staff)
    assert packet.count == 1
    file = content(packet, "csv", staff)
    assert file.decode() == "ZIP code,Name,City\r\n85003,Ada Lovelace,Phoenix\r\n"
    assert packet.digest == hashlib.sha256(file).hexdigest() == annex.digest_of(file)
    pdf = content(packet, "pdf", staff)
    cover, names = words(pdf)
    assert "1 person in Arizona, district 3 has signed" in cover
    assert "We ask you to cosponsor H.R.4954." in cover
    assert packet.digest in cover
    assert f"/verify/{packet.code}/" in cover
    assert "1 85003 Ada Lovelace Phoenix" in names
    for text in (cover, names, file.decode()):
        assert ada.email not in text
        assert "Bea" not in text
        assert "Cid" not in text


def test_senators_get_the_state(petition, staff):
    congress.signed(petition, 2)
    congress.signed(petition, district="", state="AZ", district_how="unsure", district_congress=None)
    assert make(petition, congress.senator(2, "Bell", "AZ"), staff).count == 3


def test_names_of_every_kind_are_printed_or_named_and_break_nothing(petition, term, staff):
    for given, family in NAMES:
        congress.signed(petition, given_name=given, family_name=family)
    packet = make(petition, term, staff)
    names = words(content(packet, "pdf", staff))[1]
    printed = (
        "Nguyễn Thị Mai", "Keliʻi Kahananui", "José-Luis Muñoz Rivera", "[Arabic] Mirzakhani", "=1+1 O'Brien", "WWWW",
        "X Æ A-12", "[Chinese or Japanese]", "…", "<b>Null</b> True", "Zoë",
    )  # fmt: skip
    for shown in printed:
        assert shown in names
    in_file = {line.name for line in annex.read(content(packet, "csv", staff))}
    assert {"مریم Mirzakhani", "李 小龙", "'=1+1 O'Brien", "Zoë 😀 Ö"} <= in_file


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Ada", "Ada"),
        ("Nguye\u0302\u0303n", "Nguyễn"),  # typed in pieces
        ("محمد علي", "[Arabic]"),
        ("דוד Cohen", "[Hebrew] Cohen"),
        ("김 Kim", "[Korean] Kim"),
        ("Иван", "Иван"),
        ("😀", "[sign]"),
        ("Ana 😀", "Ana [sign]"),
        ("Ana\u200e", "Ana"),
    ],
)
def test_what_the_letters_lack_is_named_in_brackets(written, printed):
    assert typefaces.printable(written) == printed


def test_lines_are_sorted_by_zip_code_and_name_whatever_the_order_of_signing(petition, term, staff):
    for zip_code, name in (("85003", "Zed"), ("85003-0001", "Ana"), ("01001", "Bob"), ("85003", "ada")):
        congress.signed(petition, given_name=name, family_name="", zip_code=zip_code)
    lines = annex.read(content(make(petition, term, staff), "csv", staff))
    assert [(line.zip_code, line.name) for line in lines] == [
        ("01001", "Bob"), ("85003", "Ana"), ("85003", "Zed"), ("85003", "ada"),
    ]  # fmt: skip


def test_the_names_fill_page_after_page(petition, term, staff):
    congress.signed(petition, pages.A_PAGE + 1)
    read = words(content(make(petition, term, staff), "pdf", staff))
    assert len(read) == 3
    assert "Annex, page 1 of 2" in read[1]
    assert f"{pages.A_PAGE + 1} 85003 Ada Lovelace" in read[2]


def test_the_cover_says_how_many_more_since_the_last_visit_thanks_and_tells_three_stories(petition, term, staff):
    congress.cosponsor(petition.bills[0], term)
    LocalFactory(affiliate="CWA", number="7019", city="Phoenix", state="AZ", size=900)
    rows = [
        congress.signed(petition, comment=f"Story {number}.", show_name=number == 1, given_name="Ana")[0]
        for number in range(4)
    ]
    congress.signed(petition, comment="Nobody chose this one.")
    stories.show_stories(signatures=Signature.objects.filter(pk__in=[row.pk for row in rows]), by=staff)
    deliveries.record_delivery(
        petition=petition, legislator=term.legislator, seat="AZ-03", count=2, by=staff, how="mail",
        on=congress.TODAY - timedelta(days=60),
    )  # fmt: skip
    count(petition)
    cover = words(content(make(petition, term, staff), "pdf", staff))[0]
    assert "+3 since April 2, 2026, when we last came to you." in cover
    assert "We thank you for standing with call-center workers on H.R.4954." in cover
    assert "CWA Local 7019, Phoenix" in cover
    assert [f"Story {number}." in cover for number in range(4)] == [False, True, True, True]
    assert "Nobody chose" not in cover
    assert "Ana L., Arizona" in cover
    assert "Lovelace" not in cover


def test_paper_stands_beside_the_count(petition, term, staff):
    congress.signed(petition, 2)
    checked = congress.sheet(petition, staff, status="checked", checked_by=StaffFactory(), settled_at=timezone.now())
    congress.line(checked, "Ana Ruiz")
    packet = make(petition, term, staff)
    assert (packet.count, packet.on_paper) == (2, 1)
    assert "And 1 on paper, keyed from sheets and checked." in words(content(packet, "pdf", staff))[0]


def test_the_same_signatures_make_the_same_bytes(petition, term, staff):
    congress.signed(petition, 3)
    packet = make(petition, term, staff)
    deliver(packet, staff)
    before = content(packet, "pdf", staff), content(packet, "csv", staff)
    with time_machine.travel(congress.NOON + timedelta(days=31)):
        assert packets.forget() == 1
        packet.refresh_from_db()
        with pytest.raises(packets.NotKept):
            packets.download(packet=packet, kind="pdf", by=staff)
        again = packets.make_again(packet=packet, by=staff)
        assert (content(again, "pdf", staff), content(again, "csv", staff)) == before


def test_it_is_not_made_again_once_a_signer_has_put_their_name_right(petition, term, staff):
    row = congress.signed(petition)[0]
    packet = make(petition, term, staff)
    deliver(packet, staff)
    with time_machine.travel(congress.NOON + timedelta(days=31)):
        packets.forget()
        Signature.objects.filter(pk=row.pk).update(family_name="King")
        with pytest.raises(packets.Changed):
            packets.make_again(packet=packet, by=staff)


def deliver(packet, staff, **changes):
    return deliveries.record_delivery(
        petition=packet.petition, legislator=packet.legislator, seat="", count=0, packet=packet, by=staff,
        **{"on": congress.TODAY, "how": "in-person", **changes},
    )  # fmt: skip


def test_a_delivery_carries_its_packets_count_and_hash_and_each_signer_reads_it(petition, term, staff, client):
    row = congress.signed(petition)[0]
    other = congress.signed(petition, district="AZ-07")[0]
    packet = make(petition, term, staff)
    assert deliveries.deliveries_of(row) == []  # made is not delivered
    delivery = deliver(packet, staff)
    assert (delivery.count, delivery.digest, delivery.seat) == (1, packet.digest, "AZ-03")
    page = client.get(f"/signature/{row.key}/").content.decode()
    assert "Brought to Rep. Pat Ames on June 1, 2026, in person" in page
    assert "Brought to" not in client.get(f"/signature/{other.key}/").content.decode()
    assert client.get(f"/signature/{row.key}/export.json").json()["delivered"] == [
        {"on": "2026-06-01", "to": "Rep. Pat Ames", "how": "in person"}
    ]


def test_a_packet_is_not_delivered_to_somebody_else(petition, term, staff):
    congress.signed(petition)
    packet = make(petition, term, staff)
    packet.legislator = congress.legislator(9, "Other")
    with pytest.raises(deliveries.OtherPacket):
        deliveries.record_delivery(
            petition=PetitionFactory(), legislator=term.legislator, seat="", count=0, packet=packet, by=staff,
            on=congress.TODAY, how="mail",
        )  # fmt: skip


def test_nobody_has_signed_nothing_is_left(petition, term, staff, settings):
    with pytest.raises(packets.NobodySigned):
        make(petition, term, staff)
    assert (Packet.objects.count(), list((settings.MEDIA_ROOT).rglob("*.pdf"))) == (0, [])


def test_so_many_names_are_left_to_a_worker(petition, term, staff, client, monkeypatch):
    monkeypatch.setattr(packets, "MOST_AT_ONCE", 2)
    congress.signed(petition, 3)
    client.force_login(staff)
    answer = client.post(f"/admin/petitions/delivery/whip/{petition.pk}/T000001/", {"do": "packet"})
    assert (answer.status_code, "/packetrun/" in answer.url, Packet.objects.count()) == (303, True, 0)


def test_one_click_makes_it_and_each_download_is_recorded(petition, term, staff, client):
    congress.signed(petition, 2)
    client.force_login(staff)
    answer = client.post(f"/admin/petitions/delivery/whip/{petition.pk}/T000001/", {"do": "packet"})
    packet = Packet.objects.get()
    assert answer.url == f"/admin/petitions/packet/{packet.pk}/change/"
    page = client.get(answer.url).content.decode()
    assert packet.digest in page
    assert "0 of 2 signatures can go that way." in page
    pdf = client.post(answer.url, {"do": "pdf"})
    assert (pdf["Content-Type"], "no-store" in pdf["Cache-Control"]) == ("application/pdf", True)
    assert pdf["Content-Disposition"] == 'attachment; filename="AZ-03-Ames-2026-06-01.pdf"'
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    file = client.post(answer.url, {"do": "csv"})
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == packet.digest
    assert sorted(entry.change_message for entry in staff.logentry_set.all()) == [
        "Downloaded a packet (csv) (signatures: 2)", "Downloaded a packet (pdf) (signatures: 2)",
        "Made a packet (signatures: 2)",
    ]  # fmt: skip


def test_who_may_not_download_gets_no_names(petition, term, staff, client):
    congress.signed(petition)
    packet = make(petition, term, staff)
    address = f"/admin/petitions/packet/{packet.pk}/change/"
    client.force_login(permitted("view_packet"))
    assert client.get(address).status_code == 200
    assert [client.post(address, {"do": do}).status_code for do in ("pdf", "csv", "again")] == [403, 403, 403]


def test_no_public_address_leads_to_a_private_file(petition, term, staff, client):
    congress.signed(petition)
    packet = make(petition, term, staff)
    assert default_storage.exists(f"private/{packet.pdf}")
    for name in (packet.pdf, f"private/{packet.pdf}", packet.pdf.split("/")[1], f"private%2F{packet.pdf}"):
        assert client.get(f"/uploads/{name}").status_code == 404


def test_after_thirty_days_files_and_what_was_never_delivered_are_gone(petition, term, staff):
    congress.signed(petition, 2)
    brought, kept = make(petition, term, staff), make(petition, term, staff)
    deliver(brought, staff)
    with time_machine.travel(congress.NOON + timedelta(days=29)):
        assert packets.forget() == 0
    with time_machine.travel(congress.NOON + timedelta(days=31)):
        assert (packets.forget(), packets.forget()) == (2, 0)
    brought.refresh_from_db()
    kept.refresh_from_db()
    assert default_storage.listdir("private/packets")[1] == []
    assert [(row.pdf, row.annex, row.count, bool(row.digest)) for row in (brought, kept)] == [("", "", 2, True)] * 2
    assert (packets.standing(brought), packets.standing(kept)) == (2, None)


def test_files_that_a_killed_worker_left_are_swept_away_after_a_day(petition, term, staff):
    congress.signed(petition)
    packet = make(petition, term, staff)
    private_files.keep("packets/lost.pdf", b"names")
    assert packets.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert packets.sweep() == 1
    assert len(default_storage.listdir("private/packets")[1]) == 2
    assert content(packet, "pdf", staff)


# The public page


def test_anybody_verifies_a_packet_and_reads_no_name(petition, term, staff, client):
    rows = congress.signed(petition, 6)
    packet = make(petition, term, staff)
    Signature.objects.filter(pk=rows[0].pk).update(status="withdrawn", withdrawn_at=timezone.now())
    Signature.objects.filter(pk=rows[1].pk).delete()
    answer = client.get(f"/verify/{packet.code}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    for shown in (
        "Save Call Center Jobs",
        "Rep. Pat Ames",
        "Arizona, district 3",
        packet.digest,
        "<dd>6</dd>",
        "<dd>4</dd>",
    ):
        assert shown in page
    assert "Lovelace" not in page
    typed = f"{packet.code[:5]}-{packet.code[5:]}".upper()
    assert client.get(f"/verify/{typed}/").status_code == 200
    assert "Arizona, distrito 3" in client.get(f"/es/verify/{packet.code}/").content.decode()


def test_a_small_group_is_not_counted_in_public(petition, term, staff, client):
    congress.signed(petition, 4)
    packet = make(petition, term, staff)
    page = client.get(f"/verify/{packet.code}/").content.decode()
    assert "fewer than 5" in page
    assert "<dd>4</dd>" not in page


@pytest.mark.parametrize("code", ["nothing", "a" * 10, "%00", "x" * 300])
def test_a_code_that_is_none_is_not_there(client, code):
    assert client.get(f"/verify/{code}/").status_code == 404
