"""Kits: how many of which item each place gets and why, what there is of it, and who gets what where there is too little."""
