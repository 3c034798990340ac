"""The staff pages of the campaigns app, split by noun."""

from campaigns.admin.arrivals import ArrivalAdmin
from campaigns.admin.boxes import BoxAdmin
from campaigns.admin.carriers import CarrierProfileAdmin, TrackingFileAdmin
from campaigns.admin.changes import ChangeRequestAdmin
from campaigns.admin.items import ItemAdmin
from campaigns.admin.registrations import RegistrationAdmin
from campaigns.admin.reports import ReportAdmin
from campaigns.admin.staff_districts import StaffDistrictsAdmin
from campaigns.admin.wave_boxes import PrintRunAdmin
from campaigns.admin.waves import WaveAdmin
from campaigns.admin.weeks import CampaignAdmin, WeekOfActionAdmin

__all__ = [
    "ArrivalAdmin",
    "BoxAdmin",
    "CampaignAdmin",
    "CarrierProfileAdmin",
    "ChangeRequestAdmin",
    "ItemAdmin",
    "PrintRunAdmin",
    "RegistrationAdmin",
    "ReportAdmin",
    "StaffDistrictsAdmin",
    "TrackingFileAdmin",
    "WaveAdmin",
    "WeekOfActionAdmin",
]
