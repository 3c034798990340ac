"""What a local tells after its week, and what of it the public sees."""
