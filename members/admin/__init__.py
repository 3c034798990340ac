"""The staff pages of the members app, split by job as the menu is."""

from members.admin.domains import MailDomainAdmin
from members.admin.newsletter import IssueAdmin
from members.admin.outbox import MailEventAdmin, MessageAdmin
from members.admin.people import LocalAdmin, PersonAdmin, SubscriptionAdmin, SuppressionAdmin
from members.admin.pictures import PictureAdmin
from members.admin.posts import PostAdmin

__all__ = [
    "IssueAdmin",
    "LocalAdmin",
    "MailDomainAdmin",
    "MailEventAdmin",
    "MessageAdmin",
    "PersonAdmin",
    "PictureAdmin",
    "PostAdmin",
    "SubscriptionAdmin",
    "SuppressionAdmin",
]
