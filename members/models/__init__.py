"""Everything the members app keeps, split by noun."""

from members.models.lists import (
    DomainCheck,
    ExportPart,
    ImportedAddress,
    ImportPart,
    SubscriberExport,
    SubscriberImport,
)
from members.models.newsletter import Issue, IssueItem, Rendition
from members.models.outbox import MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post

__all__ = [
    "DomainCheck",
    "ExportPart",
    "ImportPart",
    "ImportedAddress",
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
    "SubscriberExport",
    "SubscriberImport",
    "Subscription",
    "Suppression",
]
