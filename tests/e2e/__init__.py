"""The whole program, used by people: what `make run` starts, in a real browser, with letters that are really written."""
