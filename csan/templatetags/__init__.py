"""What templates need and Django does not bring."""
