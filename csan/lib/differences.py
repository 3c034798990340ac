"""What has changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

PIECES = re.compile(r"\S+|\s+")


class Change(StrEnum):
    """What became of a run of words."""

    KEPT = "kept"
    TAKEN_OUT = "taken out"
    PUT_IN = "put in"


@dataclass(frozen=True)
class Run:
    """Words that stand beside each other and share their fate."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[Run]:
    """Both texts as one: what was kept, taken out and put in, in the order of reading."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    runs = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            runs.append(Run(Change.KEPT, "".join(old[old_from:old_to])))
            continue
        if old_from < old_to:
            runs.append(Run(Change.TAKEN_OUT, "".join(old[old_from:old_to])))
        if new_from < new_to:
            runs.append(Run(Change.PUT_IN, "".join(new[new_from:new_to])))
    return runs
