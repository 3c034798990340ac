"""Everything the petitions app keeps, split by noun."""

from petitions.models.congress import (
    CommitteeSeat,
    Cosponsorship,
    District,
    Legislator,
    Office,
    Redrawing,
    Term,
    ZipDistrict,
)
from petitions.models.delivering import (
    Delivery,
    Packet,
    PacketRun,
    PacketSignature,
    Position,
    Referral,
)
from petitions.models.measures import Measure, MeasureEvent
from petitions.models.paper import PaperLine, PaperSheet
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, Words
from petitions.models.signatures import Signature, milliseconds
from petitions.models.tallies import Dimension, Tally, TallyDelta

__all__ = [
    "CommitteeSeat",
    "Cosponsorship",
    "Delivery",
    "Dimension",
    "District",
    "Legislator",
    "Measure",
    "MeasureEvent",
    "Office",
    "Packet",
    "PacketRun",
    "PacketSignature",
    "PaperLine",
    "PaperSheet",
    "Petition",
    "PetitionPoint",
    "PetitionVersion",
    "Position",
    "Redrawing",
    "Referral",
    "Signature",
    "Tally",
    "TallyDelta",
    "Term",
    "Words",
    "ZipDistrict",
    "milliseconds",
]
