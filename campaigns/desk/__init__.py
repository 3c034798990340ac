"""What staff look after: doubts, calls, locals not in yet, boxes that may be late; what the week came to, and the next."""
