"""Everything the petitions app keeps, split by noun."""

from petitions.models.measures import Measure, MeasureEvent
from petitions.models.petitions import Petition, PetitionPoint, PetitionVersion, Words
from petitions.models.signatures import Signature, milliseconds
from petitions.models.tallies import Dimension, Tally, TallyDelta

__all__ = [
    "Dimension",
    "Measure",
    "MeasureEvent",
    "Petition",
    "PetitionPoint",
    "PetitionVersion",
    "Signature",
    "Tally",
    "TallyDelta",
    "Words",
    "milliseconds",
]
