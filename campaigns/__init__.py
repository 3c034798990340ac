"""Campaign pages; Weeks of Action; the locals that take part, and their boxes."""
