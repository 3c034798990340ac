"""What staff look after: doubts, calls, locals not in yet, boxes that may be late, what a week came to, the next."""
