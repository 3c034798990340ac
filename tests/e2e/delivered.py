"""A packet that was delivered, a round of packets and a sheet of paper on the busy site; once, however often asked."""

from datetime import date

from django.contrib.auth.models import User

from petitions import paper
from petitions.delivering import deliveries, packets, positions, runs
from petitions.models import Delivery, District, Legislator, Packet, PacketRun, PaperSheet, Petition, Signature, Term
from tests.e2e.acts import SLUG

BIOGUIDE = "Z000001"


def make() -> None:
    """Print the keys of everything."""
    petition = Petition.objects.get(slug=SLUG)
    if not Legislator.objects.filter(bioguide=BIOGUIDE).exists():
        _deliver(petition, User.objects.earliest("pk"))
    packet, run = Packet.objects.earliest("pk"), PacketRun.objects.earliest("pk")
    delivery, sheet = Delivery.objects.earliest("pk"), PaperSheet.objects.earliest("pk")
    print(petition.pk, BIOGUIDE, packet.pk, run.pk, delivery.pk, sheet.pk, packet.code)


def _deliver(petition: Petition, staff: User) -> None:
    person = Legislator.objects.create(
        bioguide=BIOGUIDE, given_name="Pat", family_name="Invented", full_name="Pat Invented"
    )
    signed = Signature.objects.counting().filter(petition=petition).exclude(state="").first()
    assert signed is not None
    District.objects.get_or_create(congress=119, state=signed.state, number="99")
    term = Term.objects.create(
        legislator=person, chamber="senate", state=signed.state, starts_on=date(2025, 1, 3), ends_on=date(2031, 1, 3),
        senate_class=1, phone="202-555-0101",
    )  # fmt: skip
    today = date.today()
    positions.note_position(petition=petition, legislator=person, stance="leans", on=today, note="Heard", by=staff)
    packet = packets.make_packet(petition=petition, term=term, by=staff)
    deliveries.record_delivery(
        petition=petition, legislator=person, seat=term.seat, on=today, how="in-person", count=0, packet=packet,
        to="A. Staffer", by=staff,
    )  # fmt: skip
    runs.begin(petition=petition, terms=[term], by=staff)
    sheet = paper.take_in(petition=petition, number=1, by=staff)
    for name, zip_code in (("Ana Ruiz", "10001"), ("Bea Poe", "00000")):
        paper.add_line(sheet=sheet, name=name, zip_code=zip_code, by=staff)
