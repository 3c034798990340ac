"""Everything the campaigns app keeps, split by noun."""

from campaigns.models.boxes import Box
from campaigns.models.campaigns import Campaign
from campaigns.models.registrations import OtherContact, Registration
from campaigns.models.toolkits import ToolkitItem, WeekPhoto
from campaigns.models.weeks import WeekOfAction, WeekTask
from campaigns.models.words import Illustration

__all__ = [
    "Box",
    "Campaign",
    "Illustration",
    "OtherContact",
    "Registration",
    "ToolkitItem",
    "WeekOfAction",
    "WeekPhoto",
    "WeekTask",
]
