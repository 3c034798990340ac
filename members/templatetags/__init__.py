"""What templates need of the members app."""
