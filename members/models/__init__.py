"""Everything the members app keeps, split by noun."""

from members.models.contents import IssueItem, Section
from members.models.domains import MailDomain
from members.models.issues import Approval, CalendarDay, Correction, Issue
from members.models.lists import (
    DomainCheck,
    ExportPart,
    ImportedAddress,
    ImportPart,
    SubscriberExport,
    SubscriberImport,
)
from members.models.outbox import LetterCount, LetterCountDelta, MailEvent, Message, SendBatch, SendBudget
from members.models.people import Local, Person, Subscription, Suppression
from members.models.pictures import Picture
from members.models.posts import Post
from members.models.renditions import PUBLIC, IssueLink, LinkCheck, Rendition
from members.models.sources import SourceCode
from members.models.submissions import Appearance, Submission

__all__ = [
    "PUBLIC",
    "Appearance",
    "Approval",
    "CalendarDay",
    "Correction",
    "DomainCheck",
    "ExportPart",
    "ImportPart",
    "ImportedAddress",
    "Issue",
    "IssueItem",
    "IssueLink",
    "LetterCount",
    "LetterCountDelta",
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
    "SourceCode",
    "Submission",
    "SubscriberExport",
    "SubscriberImport",
    "Subscription",
    "Suppression",
]
