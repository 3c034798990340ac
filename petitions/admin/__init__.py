"""The staff pages of the petitions app, split by noun."""

from petitions.admin import (
    fraud_desk,
    fraud_jobs,
    fraud_review,
    halls,
    measures,
    petitions,
    signatures,
    surge,
)

__all__ = ["fraud_desk", "fraud_jobs", "fraud_review", "halls", "measures", "petitions", "signatures", "surge"]
