"""Where a parcel can go: the states of the Postal Service, and what is a post-office box.

Codes: USPS Publication 28, appendix B. Written by us; names of states are the same in every language.
"""

import re

from django.utils.translation import gettext_lazy as _

STATES = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("PR", "Puerto Rico"),
    ("VI", _("U.S. Virgin Islands")),
    ("GU", "Guam"),
    ("AS", _("American Samoa")),
    ("MP", _("Northern Mariana Islands")),
    ("AA", _("Armed Forces Americas (AA)")),
    ("AE", _("Armed Forces Europe, Africa, Middle East (AE)")),
    ("AP", _("Armed Forces Pacific (AP)")),
]

# "PO Box 5", "P.O.B. 5", "P.O. Drawer 5", "Post Office Box 5", "Lock Box 5", "Apartado 5", "Apdo. 5".
# Not "Box Elder Road", not a box on a rural route or at a military post, not a private mailbox ("PMB 5").
POST_OFFICE_BOX = re.compile(
    r"""
      \b p \.? \s* o \.? \s* b (?: o?x )? \b
    | \b p \.? \s* o \.? \s* drawer \b
    | \b post \s+ office \s+ (?: box | drawer ) \b
    | \b lock \s* box \b
    | \b (?: apartado | apdo \.? ) (?: \s+ postal )? \s+ \#? \d
    """,
    re.IGNORECASE | re.VERBOSE,
)
BOX_ALONE = re.compile(r"\s*box\s*(?:no\.?|#)?\s*\d+\s*", re.IGNORECASE)


def names_post_office_box(text: str) -> bool:
    """Whether it names a post-office box, to which parcel carriers do not deliver."""
    return POST_OFFICE_BOX.search(text) is not None


def is_box_alone(line: str) -> bool:
    """Whether the line is nothing but "Box 152": what that is, only the rest of the address tells."""
    return BOX_ALONE.fullmatch(line) is not None


def is_post_office_box(line: str) -> bool:
    """Whether an address of this one line is a post-office box."""
    return names_post_office_box(line) or is_box_alone(line)
