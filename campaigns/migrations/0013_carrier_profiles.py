"""The profiles to begin with. Staff change them: a carrier's own page of today is right, and this may be old.

Street lines and names are kept to 35 characters wherever the carrier prints the label, which is what a label of UPS
and of FedEx has room for.
"""

from django.db import migrations

BACK = {"code": "Reference", "number": "Tracking Number", "day": "Ship Date", "carrier": "Carrier"}


def where(most, *, company, second, code):
    """The columns that all of them want: who, where, telephone; headings as each carrier's own sample file has."""
    return [
        [code, "code", 35, True],
        [company, "local", most, True],
        ["Attention", "name", most, True],
        ["Address 1", "address1", most, True],
        [second, "address2", most, False],
        ["City", "city", 30, True],
        ["State", "state", 2, True],
        ["Postal Code", "zip_code", 10, True],
        ["Country", "country", 2, True],
    ]


PROFILES = [
    {
        "name": "ShipStation", "carrier": "other", "characters": "utf-8", "takes_po_boxes": True,
        "columns": [
            ["Order Number", "code", 50, True], ["Ship By Date", "ship_by", 10, False],
            ["Recipient Full Name", "name", 100, True], ["Recipient Company", "local", 100, True],
            ["Address Line 1", "address1", 100, True], ["Address Line 2", "address2", 100, False],
            ["City", "city", 80, True], ["State", "state", 2, True], ["Postal Code", "zip_code", 10, True],
            ["Country Code", "country", 2, True], ["Recipient Phone", "phone", 20, False],
            ["Weight (oz)", "ounces", 10, False], ["Item SKU", "code", 50, True],
            ["Item Name", "contents", 200, False], ["Item Quantity", "one", 5, True],
            ["Custom Field 1", "hours", 100, False],
        ],
        "tracking_columns": {**BACK, "code": "Order Number"},
        "note": "Data mapping page: order number 1-50, item name 200, SKU 50, custom fields 100. The same order number "
        "again updates that order.",
    },
    {
        "name": "UPS WorldShip", "carrier": "ups", "characters": "cp1252", "takes_po_boxes": False,
        "columns": [
            *where(35, company="Company or Name", second="Address 2", code="Reference 1"),
            ["Telephone", "phone", 15, False], ["Residential Indicator", "home", 1, True],
            ["Package Count", "one", 5, True], ["Weight", "pounds", 5, False],
        ],
        "tracking_columns": {**BACK, "code": "Reference 1"},
        "note": "Names and street lines 35, telephone 15. No PO boxes. Map the headings once in WorldShip.",
    },
    {
        "name": "FedEx Ship Manager", "carrier": "fedex", "characters": "ascii", "takes_po_boxes": False,
        "columns": [
            *where(35, company="Company", second="Address 2", code="Reference"),
            ["Phone Number", "phone", 10, True], ["Residential Flag", "home", 1, True],
            ["Number of Packages", "one", 5, True], ["Package Weight", "pounds", 5, False],
        ],
        "tracking_columns": BACK,
        "note": "Names and street lines 35; a telephone is required. No PO boxes.",
    },
    {
        "name": "USPS Click-N-Ship", "carrier": "usps", "characters": "ascii", "takes_po_boxes": True,
        "columns": [
            *where(50, company="Company", second="Address Line 2", code="Reference ID"),
            ["Phone", "phone", 10, False], ["Weight (lbs)", "pounds", 5, False],
        ],
        "tracking_columns": {**BACK, "code": "Reference ID"},
        "note": "Publication 28: English letters, street lines of 64 at most; kept to 50 here. Takes PO boxes.",
    },
    {
        "name": "Mail house", "carrier": "other", "characters": "utf-8", "takes_po_boxes": False,
        "columns": [
            *where(64, company="Local", second="Address 2", code="Box"),
            ["Phone", "phone", 20, False], ["Receiving hours", "hours", 200, False],
            ["Contents", "contents", 1000, True], ["Pieces", "pieces", 10, True],
        ],
        "tracking_columns": {**BACK, "code": "Box"},
        "note": "Ours: agree on it with the mail house.",
    },
]  # fmt: skip


def seed(apps, schema_editor):
    """Those that are not there yet."""
    model = apps.get_model("campaigns", "CarrierProfile")
    for profile in PROFILES:
        model.objects.get_or_create(name=profile["name"], defaults=profile)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0012_what_carriers_take")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
