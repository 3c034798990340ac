"""Lists of subscribers that staff bring as CSV files.

`columns.py` guesses what a heading means · `cleaning.py` makes a line clean values · `locals.py` finds a local in the
directory · `merging.py` decides what becomes of a line, and writes it · `jobs.py` is an import's way, part by part, in
the background · `undoing.py` takes it back · `reporting.py` says line by line what became of it.
"""

from members.importing.columns import COLUMNS, EMAIL
from members.importing.jobs import (
    BELL,
    Consent,
    NoAddresses,
    WrongState,
    cancel,
    check,
    forget,
    go_on,
    is_any_due,
    run,
    step,
    undo,
    upload,
    work,
)
from members.importing.merging import INVALID, OUTCOMES
from members.importing.reporting import download_problems, problems

__all__ = [
    "BELL",
    "COLUMNS",
    "EMAIL",
    "INVALID",
    "OUTCOMES",
    "Consent",
    "NoAddresses",
    "WrongState",
    "cancel",
    "check",
    "download_problems",
    "forget",
    "go_on",
    "is_any_due",
    "problems",
    "run",
    "step",
    "undo",
    "upload",
    "work",
]
