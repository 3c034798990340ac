"""What a packet takes, found without reading every signature. Built beside the writers; holds confirmed rows only."""

import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0015_checks_of_shown_signatures")]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("status", "confirmed"), models.Q(("district", ""), _negated=True)),
                fields=["petition", "district"],
                name="petitions_signed_by_district",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("petition"),
                models.F("state"),
                django.db.models.functions.text.Left("zip_code", 5),
                condition=models.Q(("status", "confirmed")),
                name="petitions_signed_by_state",
            ),
        ),
    ]
