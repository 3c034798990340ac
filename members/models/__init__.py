"""Everything the members app keeps, split by noun."""

from members.models.contents import IssueItem, Section
from members.models.domains import MailDomain
from members.models.issues import Approval, Correction, Issue
from members.models.outbox import MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post
from members.models.renditions import PUBLIC, IssueLink, LinkCheck, Rendition

__all__ = [
    "PUBLIC",
    "Approval",
    "Correction",
    "Issue",
    "IssueItem",
    "IssueLink",
    "LinkCheck",
    "Local",
    "MailDomain",
    "MailEvent",
    "Message",
    "Person",
    "Picture",
    "Post",
    "Rendition",
    "Section",
    "SendBatch",
    "SendBudget",
    "Subscription",
    "Suppression",
]
