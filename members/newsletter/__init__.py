"""An issue of the newsletter, from its first draft to the proof of who got it.

`drafting.py` the draft that writes itself, of what
`suggesting.py` finds new, in the words of `offered.py` · `composing.py` its words · `arranging.py` its order ·
`contents.py` what it says, to whom, as data · `audiences.py` who sees which part ·
`rendering.py` the letters made of it · `gate.py` what must not go out · `approving.py` a second pair of eyes ·
`scheduling.py` when it goes · `freezing.py` words and recipients fixed · `links.py` its links, counted ·
`watching.py` the first letters, then the others · `faults.py` when to stop · `controls.py` pause, resume, cancel ·
`proof.py` who got it · `correcting.py` a fix after sending · `archiving.py` keeps old issues' pages ·
`reporting.py` the morning after.
"""

from members.newsletter.approving import (
    ChangedMeanwhile,
    SamePerson,
    approval_of,
    approve,
    changes_since,
    request_review,
    send_back,
    touched,
)
from members.newsletter.archiving import keep_old_issues
from members.newsletter.audiences import TooManyVariants, UnknownAudience
from members.newsletter.composing import add_post
from members.newsletter.contents import Contents, gather, public_contents
from members.newsletter.controls import WrongState, cancel, finish_issues, pause, resume, settle_doubts
from members.newsletter.correcting import NewForSome, NothingChanged, correct, is_changed
from members.newsletter.drafting import fill_draft, make_due_drafts
from members.newsletter.freezing import NobodyToSendTo, NotScheduled, freeze_issue
from members.newsletter.gate import Blocked
from members.newsletter.links import follow, take_back
from members.newsletter.proof import Progress, missed, progress, reasons, send_to_missed, trace
from members.newsletter.rendering import Unsendable, compose, digest_of, render, send_test
from members.newsletter.reporting import send_reports
from members.newsletter.scheduling import NotApproved, schedule, send_due, stop
from members.newsletter.watching import watch_issues

__all__ = [
    "Blocked",
    "ChangedMeanwhile",
    "Contents",
    "NewForSome",
    "NobodyToSendTo",
    "NotApproved",
    "NotScheduled",
    "NothingChanged",
    "Progress",
    "SamePerson",
    "TooManyVariants",
    "UnknownAudience",
    "Unsendable",
    "WrongState",
    "add_post",
    "approval_of",
    "approve",
    "cancel",
    "changes_since",
    "compose",
    "correct",
    "digest_of",
    "fill_draft",
    "finish_issues",
    "follow",
    "freeze_issue",
    "gather",
    "is_changed",
    "keep_old_issues",
    "make_due_drafts",
    "missed",
    "pause",
    "progress",
    "public_contents",
    "reasons",
    "render",
    "request_review",
    "resume",
    "schedule",
    "send_back",
    "send_due",
    "send_reports",
    "send_test",
    "send_to_missed",
    "settle_doubts",
    "stop",
    "take_back",
    "touched",
    "trace",
    "watch_issues",
]
