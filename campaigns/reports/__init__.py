"""What a local tells after its week, what of it the public sees, and what the week came to."""
