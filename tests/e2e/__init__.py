"""The whole program in use: what `make run` starts, in a real browser, with letters that are really written."""
