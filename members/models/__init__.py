"""Everything the members app keeps, split by noun."""

from members.models.newsletter import Issue, IssueItem, Post, Rendition
from members.models.outbox import MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression

__all__ = [
    "Issue",
    "IssueItem",
    "Local",
    "MailEvent",
    "Message",
    "Person",
    "Post",
    "Rendition",
    "SendBatch",
    "SendBudget",
    "Subscription",
    "Suppression",
]
