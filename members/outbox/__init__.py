"""The outbox every letter goes through. Nobody is mailed twice, nobody is forgotten.

`letters.py` writes a letter as a row, in the caller's transaction · `claims.py` takes rows for a sender and notes
its progress · `sending.py` hands them to the mail service · `renditions.py` is an
issue as a letter · `settling.py` writes down what became of them, also for
senders that died · `events.py` hears what the mail service tells later · `budget.py` keeps the global rate ·
`keeping.py` tells a reader of their letters, and takes an erased one's address out of them.
"""

from members.outbox.events import record_event
from members.outbox.keeping import forget_letters_of, letters_about, letters_of_subscriber, told
from members.outbox.letters import BELL, QUIET, enqueue, enqueue_rendition, quiet_slot, ring
from members.outbox.renditions import skeleton_of
from members.outbox.sending import send_waiting
from members.outbox.settling import recover, resolve_uncertain, send_failed_again

__all__ = [
    "BELL",
    "QUIET",
    "enqueue",
    "enqueue_rendition",
    "forget_letters_of",
    "letters_about",
    "letters_of_subscriber",
    "quiet_slot",
    "record_event",
    "recover",
    "resolve_uncertain",
    "ring",
    "send_failed_again",
    "send_waiting",
    "skeleton_of",
    "told",
]
