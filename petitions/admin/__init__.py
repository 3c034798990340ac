"""The staff pages of the petitions app, split by noun."""

from petitions.admin import districts, legislators, measures, petitions, signatures, successions

__all__ = ["districts", "legislators", "measures", "petitions", "signatures", "successions"]
