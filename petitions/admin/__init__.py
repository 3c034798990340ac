"""The staff pages of the petitions app, split by noun."""

from petitions.admin import calls, measures, petitions, signatures

__all__ = ["calls", "measures", "petitions", "signatures"]
