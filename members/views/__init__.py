"""The newsletter's public pages, split by what visitors do there."""
