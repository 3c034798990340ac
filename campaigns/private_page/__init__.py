"""What a local does by its private link: where things stand, changes, colleagues, links, things to print."""
