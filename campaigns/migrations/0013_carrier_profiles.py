"""The profiles to begin with. Staff change them: a carrier's own page of today is right, and this may be old.

Each note says where a limit is written, in November 2026, and which are ours: chosen shorter than any limit we know.
"""

from django.db import migrations

BACK = {"code": "Reference", "number": "Tracking Number", "day": "Ship Date", "carrier": "Carrier"}


def where(*, code, reference, company, most, street, second, city, postal=("Postal Code", "zip_code", 10)):
    """The columns that all of them want: who and where. `most` is for names."""
    return [
        [code, "code", reference, True],
        [company, "local", most, True],
        ["Attention", "name", most, True],
        ["Address 1", "address1", street, True],
        [second, "address2", street, False],
        [city[0], "city", city[1], True],
        ["State", "state", 2, True],
        [*postal, True],
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
        "note": "Its data mapping page: order number 50, SKU 50, item name 200, quantity 99999, custom field 100; its "
        "custom store guide: company 100. The other lengths are ours. Headings are free: map them once. The same order "
        "number again updates that order.",
    },
    {
        "name": "UPS WorldShip", "carrier": "ups", "characters": "cp1252", "takes_po_boxes": False,
        "columns": [
            *where(
                code="Reference 1", reference=35, company="Company or Name", most=35, street=35, second="Address 2",
                city=("City or Town", 30), postal=("Postal Code", "zip_digits", 9),
            ),
            ["Telephone", "phone", 15, False], ["Residential Indicator", "home", 1, True],
            ["Package Count", "one", 5, True], ["Weight", "pounds", 4, False],
        ],
        "tracking_columns": {**BACK, "code": "Reference 1"},
        "note": "WorldShip help, address and shipment data fields: names and street lines 35, city 30, postal code 9 "
        "without hyphen, telephone 15, weight 4, Windows Western letters. Reference 35: Shippo's page of carriers. No PO "
        "boxes. Map the headings once.",
    },
    {
        "name": "FedEx Ship Manager", "carrier": "fedex", "characters": "ascii", "takes_po_boxes": False,
        "columns": [
            *where(
                code="Reference", reference=30, company="Company", most=35, street=35, second="Address 2",
                city=("City", 35),
            ),
            ["Phone Number", "phone", 10, True], ["Residential Flag", "home", 1, True],
            ["Number of Packages", "one", 5, True], ["Package Weight", "pounds", 5, False],
        ],
        "tracking_columns": BACK,
        "note": "FedEx Ship API: street lines and city 35; a telephone is required. Names 35 is what other programs cut "
        "them to. Reference 30, ten digits of telephone and English letters only: ours. No PO boxes.",
    },
    {
        "name": "USPS Click-N-Ship", "carrier": "usps", "characters": "ascii", "takes_po_boxes": True,
        "columns": [
            *where(
                code="Reference ID", reference=30, company="Company", most=50, street=50, second="Address Line 2",
                city=("City", 30),
            ),
            ["Phone", "phone", 10, False], ["Weight (lbs)", "pounds", 5, False],
        ],
        "tracking_columns": {**BACK, "code": "Reference ID"},
        "note": "No limits of Click-N-Ship's own are published that we know. Publication 28: at best 64 for a street "
        "line; Shippo's page of carriers: reference 30. Names and street lines 50, city 30 and English letters only: "
        "ours. Takes PO boxes.",
    },
    {
        "name": "Mail house", "carrier": "other", "characters": "utf-8", "takes_po_boxes": False,
        "columns": [
            *where(
                code="Box", reference=35, company="Local", most=64, street=64, second="Address 2", city=("City", 30)
            ),
            ["Phone", "phone", 20, False], ["Receiving hours", "hours", 200, False],
            ["Contents", "contents", 1000, True], ["Pieces", "pieces", 10, True],
        ],
        "tracking_columns": {**BACK, "code": "Box"},
        "note": "All of it is ours: agree on it with the mail house.",
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
