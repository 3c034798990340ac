"""The fraud desk."""
