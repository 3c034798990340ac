"""What the public page of a packet says: that we made it, for whom, when, how many, which hash; never a name."""

from dataclasses import dataclass
from datetime import datetime

from petitions.delivering import packets
from petitions.delivering.seats import place_of
from petitions.models import Packet

SMALLEST_SHOWN = 5  # as on every public page: in a smaller group a number could point to a person


@dataclass(frozen=True)
class Verified:
    """A packet as anybody may read it. A number is None where the group is too small to be shown, or is not kept."""

    code: str
    slug: str
    title: str
    version: int
    member: str
    place: str
    frozen_at: datetime
    count: int | None
    on_paper: int | None
    standing: int | None
    is_small: bool
    digest: str


def verified(code: str) -> Verified:
    """The packet of a code, however it is typed. Raises Packet.DoesNotExist."""
    plain = "".join(letter for letter in code.lower() if letter in packets.LETTERS)
    packet = Packet.objects.select_related("petition", "version").get(code=plain)
    is_small = packet.count < SMALLEST_SHOWN
    return Verified(
        code=packet.code,
        slug=packet.petition.slug,
        title=packet.version.local.title,
        version=packet.version.number,
        member=packet.facts["member"],
        place=place_of(packet.seat),
        frozen_at=packet.frozen_at,
        count=None if is_small else packet.count,
        on_paper=packet.on_paper if packet.on_paper >= SMALLEST_SHOWN else None,
        standing=None if is_small else packets.standing(packet),
        is_small=is_small,
        digest=packet.digest,
    )
