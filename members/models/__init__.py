"""Everything the members app keeps, split by noun."""

from members.models.newsletter import Issue, IssueItem, Rendition
from members.models.outbox import LetterCount, LetterCountDelta, MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post

__all__ = [
    "Issue",
    "IssueItem",
    "LetterCount",
    "LetterCountDelta",
    "Local",
    "MailEvent",
    "Message",
    "Person",
    "Picture",
    "Post",
    "Rendition",
    "SendBatch",
    "SendBudget",
    "Subscription",
    "Suppression",
]
