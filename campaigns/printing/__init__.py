"""What is printed for a wave: packing slips, labels, the pick list; large ones by a worker, who says how far it is."""
