"""Lighthouse, by Google's own program, on the pages that matter most."""
