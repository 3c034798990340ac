"""The staff pages of the petitions app, split by noun."""

from petitions.admin import (
    calls,
    deliveries,
    districts,
    fraud_desk,
    fraud_jobs,
    fraud_review,
    halls,
    legislators,
    measures,
    packets,
    petitions,
    sheets,
    signatures,
    successions,
    surge,
)

__all__ = [
    "calls",
    "deliveries",
    "districts",
    "fraud_desk",
    "fraud_jobs",
    "fraud_review",
    "halls",
    "legislators",
    "measures",
    "packets",
    "petitions",
    "sheets",
    "signatures",
    "successions",
    "surge",
]
