"""An issue of the newsletter, from its first draft to the proof of who got it.

`contents.py` what it says, to whom, as data · `audiences.py` who sees which part · `rendering.py` the letters made of
it · `freezing.py` words and recipients fixed · `links.py` its links, counted · `controls.py` pause, resume, cancel ·
`faults.py` what goes wrong, and when to stop · `proof.py` who got it.
"""

from members.newsletter.audiences import TooManyVariants, UnknownAudience
from members.newsletter.composing import add_post
from members.newsletter.contents import Contents, gather, public_contents
from members.newsletter.controls import WrongState, cancel, finish_issues, pause, resume, settle_doubts
from members.newsletter.freezing import NobodyToSendTo, NotScheduled, freeze_issue
from members.newsletter.links import follow
from members.newsletter.proof import Progress, progress
from members.newsletter.rendering import Unsendable, compose, digest_of, render, send_test

__all__ = [
    "Contents",
    "NobodyToSendTo",
    "NotScheduled",
    "Progress",
    "TooManyVariants",
    "UnknownAudience",
    "Unsendable",
    "WrongState",
    "add_post",
    "cancel",
    "compose",
    "digest_of",
    "finish_issues",
    "follow",
    "freeze_issue",
    "gather",
    "pause",
    "progress",
    "public_contents",
    "render",
    "resume",
    "send_test",
    "settle_doubts",
]
