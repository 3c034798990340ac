"""Everything the petitions app keeps, split by noun."""

from petitions.models.calls import CallTally
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
from petitions.models.evidence import SignatureEvidence, SignatureScore
from petitions.models.fraud import FraudFigures, FraudLimits, FraudMark, Trend
from petitions.models.halls import AllowedNetwork, SigningEvent
from petitions.models.invalidations import Invalidation, TakenSignature
from petitions.models.lapses import Lapse
from petitions.models.measures import Measure, MeasureEvent, Provision
from petitions.models.paper import PaperLine, PaperSheet
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, VersionMeasure, Words
from petitions.models.reviews import DistrictReview
from petitions.models.signatures import Signature, milliseconds
from petitions.models.successions import Reaffirmation, Succession
from petitions.models.surge import Surge
from petitions.models.tallies import Dimension, Milestone, Tally, TallyDelta

__all__ = [
    "AllowedNetwork",
    "CallTally",
    "CommitteeSeat",
    "Cosponsorship",
    "Delivery",
    "Dimension",
    "District",
    "DistrictReview",
    "FraudFigures",
    "FraudLimits",
    "FraudMark",
    "Invalidation",
    "Lapse",
    "Legislator",
    "Measure",
    "MeasureEvent",
    "Milestone",
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
    "Provision",
    "Reaffirmation",
    "Redrawing",
    "Referral",
    "Signature",
    "SignatureEvidence",
    "SignatureScore",
    "SigningEvent",
    "Succession",
    "Surge",
    "TakenSignature",
    "Tally",
    "TallyDelta",
    "Term",
    "Trend",
    "VersionMeasure",
    "Words",
    "ZipDistrict",
    "milliseconds",
]
