"""Everything the members app keeps, split by noun."""

from members.models.newsletter import Issue, IssueItem, Rendition
from members.models.outbox import MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post
from members.models.submissions import Appearance, Submission

__all__ = [
    "Appearance",
    "Issue",
    "IssueItem",
    "Local",
    "MailEvent",
    "Message",
    "Person",
    "Picture",
    "Post",
    "Rendition",
    "SendBatch",
    "SendBudget",
    "Submission",
    "Subscription",
    "Suppression",
]
