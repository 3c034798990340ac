"""Measures (bills), petitions, signatures and their tallies."""
