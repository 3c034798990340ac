"""The staff pages of the petitions app, split by noun."""

from petitions.admin import measures, petitions, signatures

__all__ = ["measures", "petitions", "signatures"]
