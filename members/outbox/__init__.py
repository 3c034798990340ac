"""The outbox every letter goes through. Nobody is mailed twice, nobody is forgotten.

`letters.py` writes a letter as a row, in the caller's transaction · `claims.py` takes rows for a sender, `notes.py`
notes its progress · `writing.py` and `renditions.py` make the letter itself · `sending.py` hands letters to the mail
service · `settling.py` writes down what became of them, also for senders that died · `events.py` hears what the mail
service tells later, `mailboxes.py` what that says of a mailbox · `counting.py` knows how many are in which state ·
`budget.py` keeps the global rate, and the day's limit while a domain is new ·
`keeping.py` tells a reader of their letters, and takes an erased one's address out of them.
"""

from members.outbox.budget import left_today
from members.outbox.counting import Counts, counts_of, sum_up
from members.outbox.events import record_event
from members.outbox.keeping import forget_letters_about, forget_letters_of, letters_about, letters_of_subscriber, told
from members.outbox.letters import (
    BELL,
    QUIET,
    compose,
    enqueue,
    enqueue_rendition,
    quiet_slot,
    ring,
    ring_on_commit,
)
from members.outbox.renditions import skeleton_of
from members.outbox.sending import send_waiting
from members.outbox.settling import recover, resolve_uncertain, send_failed_again

__all__ = [
    "BELL",
    "QUIET",
    "Counts",
    "compose",
    "counts_of",
    "enqueue",
    "enqueue_rendition",
    "forget_letters_about",
    "forget_letters_of",
    "left_today",
    "letters_about",
    "letters_of_subscriber",
    "quiet_slot",
    "record_event",
    "recover",
    "resolve_uncertain",
    "ring",
    "ring_on_commit",
    "send_failed_again",
    "send_waiting",
    "skeleton_of",
    "sum_up",
    "told",
]
