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
from petitions.models.measures import Measure, MeasureEvent
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, Words
from petitions.models.signatures import Signature, milliseconds
from petitions.models.tallies import Dimension, Milestone, Tally, TallyDelta

__all__ = [
    "CommitteeSeat",
    "Cosponsorship",
    "Dimension",
    "District",
    "Legislator",
    "Measure",
    "MeasureEvent",
    "Milestone",
    "Office",
    "Petition",
    "PetitionPoint",
    "PetitionVersion",
    "Redrawing",
    "Signature",
    "Tally",
    "TallyDelta",
    "Term",
    "Words",
    "ZipDistrict",
    "milliseconds",
]
