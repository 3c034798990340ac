"""The staff pages of the petitions app, split by noun."""

from petitions.admin import deliveries, measures, packets, petitions, sheets, signatures

__all__ = ["deliveries", "measures", "packets", "petitions", "sheets", "signatures"]
