"""The staff pages of the campaigns app, split by noun."""

from campaigns.admin.arrivals import ArrivalAdmin
from campaigns.admin.boxes import BoxAdmin
from campaigns.admin.changes import ChangeRequestAdmin
from campaigns.admin.registrations import RegistrationAdmin
from campaigns.admin.staff_districts import StaffDistrictsAdmin
from campaigns.admin.weeks import CampaignAdmin, WeekOfActionAdmin

__all__ = [
    "ArrivalAdmin",
    "BoxAdmin",
    "CampaignAdmin",
    "ChangeRequestAdmin",
    "RegistrationAdmin",
    "StaffDistrictsAdmin",
    "WeekOfActionAdmin",
]
