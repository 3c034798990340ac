"""Everything the campaigns app keeps, split by noun."""

from campaigns.models.boxes import Box
from campaigns.models.registrations import OtherContact, Registration
from campaigns.models.weeks import Campaign, WeekOfAction, WeekTask

__all__ = ["Box", "Campaign", "OtherContact", "Registration", "WeekOfAction", "WeekTask"]
