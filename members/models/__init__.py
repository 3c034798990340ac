"""Everything the members app keeps, split by noun."""

from members.models.contents import IssueItem, Section
from members.models.issues import Approval, CalendarDay, Correction, Issue
from members.models.outbox import MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post
from members.models.renditions import PUBLIC, IssueLink, LinkCheck, Rendition
from members.models.submissions import Appearance, Submission

__all__ = [
    "PUBLIC",
    "Appearance",
    "Approval",
    "CalendarDay",
    "Correction",
    "Issue",
    "IssueItem",
    "IssueLink",
    "LinkCheck",
    "Local",
    "MailEvent",
    "Message",
    "Person",
    "Picture",
    "Post",
    "Rendition",
    "Section",
    "SendBatch",
    "SendBudget",
    "Submission",
    "Subscription",
    "Suppression",
]
