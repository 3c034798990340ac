"""From what was set aside to what arrived: waves, packing, shipping, days under way, what is missing."""
