"""Taking in what the public record says of Congress.

`districts.py` reads which ZIP code lies in which district, of our table and of the Census Bureau's (`census.py`);
`redrawings.py` which states have new lines · `legislators.py` who sits where, with `terms.py` from when to when,
`offices.py` and `committees.py` · `bills.py` a bill's official status, which `billstatus.py` reads and `safe_xml.py`
opens, `cosponsors.py` a list of names.

Each takes a file in one transaction, may be repeated, and gives back a `csan.lib.intake.Report`.
"""

from petitions.importing.bills import import_bill_status
from petitions.importing.committees import import_committees
from petitions.importing.cosponsors import import_cosponsors
from petitions.importing.districts import WrongCongress, import_districts
from petitions.importing.legislators import import_legislators
from petitions.importing.offices import import_offices
from petitions.importing.redrawings import import_redrawings

__all__ = [
    "WrongCongress",
    "import_bill_status",
    "import_committees",
    "import_cosponsors",
    "import_districts",
    "import_legislators",
    "import_offices",
    "import_redrawings",
]
