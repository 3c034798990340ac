"""Everything the campaigns app keeps, split by noun."""

from campaigns.models.arrivals import Arrival, ArrivalGap, Owed
from campaigns.models.boxes import Box, BoxLine
from campaigns.models.campaigns import Campaign
from campaigns.models.carriers import CarrierProfile, TrackingFile, TrackingRow
from campaigns.models.contacts import Call, ChangeRequest, Colleague
from campaigns.models.desk import SettledReason, StaffDistricts
from campaigns.models.kits import Item, KitRule, StockMove
from campaigns.models.places import ShipTo
from campaigns.models.printing import PrintRun
from campaigns.models.registrations import OtherContact, Registration
from campaigns.models.reports import ItemReport, Report, ReportPhoto, TaskReport
from campaigns.models.toolkits import ToolkitItem, WeekPhoto
from campaigns.models.waves import Allocation, Wave
from campaigns.models.weeks import WeekOfAction, WeekTask
from campaigns.models.words import Illustration

__all__ = [
    "Allocation",
    "Arrival",
    "ArrivalGap",
    "Box",
    "BoxLine",
    "Call",
    "Campaign",
    "CarrierProfile",
    "ChangeRequest",
    "Colleague",
    "Illustration",
    "Item",
    "ItemReport",
    "KitRule",
    "OtherContact",
    "Owed",
    "PrintRun",
    "Registration",
    "Report",
    "ReportPhoto",
    "SettledReason",
    "ShipTo",
    "StaffDistricts",
    "StockMove",
    "TaskReport",
    "ToolkitItem",
    "TrackingFile",
    "TrackingRow",
    "Wave",
    "WeekOfAction",
    "WeekPhoto",
    "WeekTask",
]
