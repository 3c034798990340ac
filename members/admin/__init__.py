"""The staff pages of the members app, split by job as the menu is."""

from members.admin.domains import DomainCheckAdmin
from members.admin.exports import SubscriberExportAdmin
from members.admin.imports import SubscriberImportAdmin
from members.admin.mail_domains import MailDomainAdmin
from members.admin.newsletter import IssueAdmin
from members.admin.outbox import MailEventAdmin, MessageAdmin
from members.admin.people import LocalAdmin, PersonAdmin, SubscriptionAdmin, SuppressionAdmin
from members.admin.pictures import PictureAdmin
from members.admin.posts import PostAdmin
from members.admin.sources import SourceCodeAdmin
from members.admin.submissions import SubmissionAdmin

__all__ = [
    "DomainCheckAdmin",
    "IssueAdmin",
    "LocalAdmin",
    "MailDomainAdmin",
    "MailEventAdmin",
    "MessageAdmin",
    "PersonAdmin",
    "PictureAdmin",
    "PostAdmin",
    "SourceCodeAdmin",
    "SubmissionAdmin",
    "SubscriberExportAdmin",
    "SubscriberImportAdmin",
    "SubscriptionAdmin",
    "SuppressionAdmin",
]
