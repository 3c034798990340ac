"""What somebody types into the registration form, and sends."""

TYPED = {
    "local_affiliate": "CWA",
    "local_number": "Local 1101",
    "contact_name": "Ada Reyes",
    "contact_role": "President",
    "email": "Ada@Example.org",
    "phone": "202-555-0134",
    "members_count": "1,140",
    "ship_name": "Ada Reyes",
    "ship_address1": "501 Third Street NW",
    "ship_address2": "Suite 900",
    "ship_city": "Washington",
    "ship_state": "DC",
    "ship_zip": "20001",
    "receiving_hours": "weekdays 9 to 4",
    "needs_staff_help": "on",
    "notes": "We march.",
    "website": "",
}


def post(client, week, **changes):
    """Send it for a local of this week, with changes."""
    return client.post(f"/week-of-action/{week.year}/register/", {**TYPED, **changes})
