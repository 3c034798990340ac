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
from petitions.models.measures import Measure, MeasureEvent, Provision
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, VersionMeasure, Words
from petitions.models.reviews import DistrictReview
from petitions.models.signatures import Signature, milliseconds
from petitions.models.successions import Reaffirmation, Succession
from petitions.models.tallies import Dimension, Tally, TallyDelta

__all__ = [
    "CommitteeSeat",
    "Cosponsorship",
    "Dimension",
    "District",
    "DistrictReview",
    "Legislator",
    "Measure",
    "MeasureEvent",
    "Office",
    "Petition",
    "PetitionPoint",
    "PetitionVersion",
    "Provision",
    "Reaffirmation",
    "Redrawing",
    "Signature",
    "Succession",
    "Tally",
    "TallyDelta",
    "Term",
    "VersionMeasure",
    "Words",
    "ZipDistrict",
    "milliseconds",
]
