"""The pages of campaigns and Weeks of Action: one form, one call, one redirect. GET changes nothing.

`public.py` for anybody · `entering.py`, `suggestions.py` registering · `private.py` behind a link, `visits.py` whose
it is · `asking.py`, `people.py`, `others.py`, `boxes.py`, `reports.py`, `report_photos.py` what is done there ·
`links.py` for who has lost the link.
"""

from campaigns.views.asking import ask, change
from campaigns.views.boxes import arrived, handout
from campaigns.views.calendar_file import calendar_file
from campaigns.views.entering import register
from campaigns.views.links import link_sent, lost_link, replace_link
from campaigns.views.others import handed_over, others
from campaigns.views.people import colleagues
from campaigns.views.private import registration, withdraw
from campaigns.views.public import campaign, registered, week, weeks
from campaigns.views.report_photos import report_photo, report_photos
from campaigns.views.reports import report, report_step, wall
from campaigns.views.suggestions import suggestions

__all__ = [
    "arrived",
    "ask",
    "calendar_file",
    "campaign",
    "change",
    "colleagues",
    "handed_over",
    "handout",
    "link_sent",
    "lost_link",
    "others",
    "register",
    "registered",
    "registration",
    "replace_link",
    "report",
    "report_photo",
    "report_photos",
    "report_step",
    "suggestions",
    "wall",
    "week",
    "weeks",
    "withdraw",
]
