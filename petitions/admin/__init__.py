"""The staff pages of the petitions app, split by noun."""

from petitions.admin import (
    calls,
    districts,
    fraud_desk,
    fraud_jobs,
    fraud_review,
    halls,
    legislators,
    measures,
    petitions,
    signatures,
    successions,
    surge,
)

__all__ = [
    "calls",
    "districts",
    "fraud_desk",
    "fraud_jobs",
    "fraud_review",
    "halls",
    "legislators",
    "measures",
    "petitions",
    "signatures",
    "successions",
    "surge",
]
