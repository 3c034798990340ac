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
from petitions.models.measures import Measure, MeasureEvent
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, Words
from petitions.models.reaffirmations import Reaffirmation
from petitions.models.signatures import Signature, milliseconds
from petitions.models.tallies import Dimension, Tally, TallyDelta

__all__ = [
    "CallTally",
    "CommitteeSeat",
    "Cosponsorship",
    "Dimension",
    "District",
    "Legislator",
    "Measure",
    "MeasureEvent",
    "Office",
    "Petition",
    "PetitionPoint",
    "PetitionVersion",
    "Reaffirmation",
    "Redrawing",
    "Signature",
    "Tally",
    "TallyDelta",
    "Term",
    "Words",
    "ZipDistrict",
    "milliseconds",
]
