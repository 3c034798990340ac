"""What staff look after: doubts, calls, duplicates, locals not in yet, boxes that may be late, the next year."""
