"""The log of deliveries: to whom, when, how, by whom, with what, and what came back."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from csan.lib import audit
from petitions.models import Delivery, Legislator, Packet, PacketSignature, Petition, Signature


class OtherPacket(Exception):
    """The packet was made for somebody else, or for another petition."""


class NoAnswer(Exception):
    """An answer needs words and a day."""


@dataclass(frozen=True)
class Delivered:
    """One delivery of a signature, as its signer may read it."""

    on: date
    member: str
    how: str


@transaction.atomic
def record_delivery(
    *,
    petition: Petition,
    legislator: Legislator,
    seat: str,
    on: date,
    how: str,
    count: int,
    to: str = "",
    note: str = "",
    packet: Packet | None = None,
    by: User,
) -> Delivery:
    """The petition was delivered. With a packet, count and hash are the packet's. Raises OtherPacket."""
    if packet and (packet.petition_id, packet.legislator_id) != (petition.pk, legislator.pk):
        raise OtherPacket
    row = Delivery.objects.create(
        petition=petition,
        legislator=legislator,
        packet=packet,
        seat=packet.seat if packet else seat,
        on=on,
        how=how,
        to=to,
        note=note,
        count=packet.count if packet else count,
        digest=packet.digest if packet else "",
        by=by,
    )
    audit.record(by=by, objects=[row], did="Recorded a delivery", signatures=row.count, how=how)
    return row


@transaction.atomic
def note_answer(*, delivery: Delivery, answer: str, on: date | None, by: User) -> Delivery:
    """What the member answered, and when; the newest answer stands. Raises NoAnswer."""
    if not answer.strip() or on is None:
        raise NoAnswer
    delivery.answer, delivery.answered_on = answer.strip(), on
    delivery.save(update_fields=["answer", "answered_on"])
    audit.record(by=by, objects=[delivery], did="Noted the answer to a delivery")
    return delivery


def deliveries_of(signature: Signature) -> list[Delivered]:
    """When and to whom this signature was delivered, the first time first."""
    packets = PacketSignature.objects.filter(signature=signature).values("packet")
    rows = Delivery.objects.filter(packet__in=packets).select_related("packet").order_by("on", "pk")
    return [Delivered(row.on, str(row.packet.facts["member"]), row.get_how_display()) for row in rows if row.packet]
