"""Benchmarks: signing, reading and mailing, each beside the least that the same machine could do.

`make bench`, or `python -m tests.bench --help`. `__main__.py` starts the servers and the measuring program ·
`measuring.py` runs the rounds and shows the figures · `signs.py`, `letters.py` and `pages.py` say what is measured ·
`floor.py` and `plain_senders.py` are what it is measured against · `visitors.py` makes the load, `sink.py` takes the
letters · `place.py` is the processes and their environment · `figures.py` the numbers.

Every answer's status and words are checked, and after every run the rows that it must have left are counted.
"""
