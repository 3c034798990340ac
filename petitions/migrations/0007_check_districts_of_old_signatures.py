"""The checks of signatures' districts held for new rows at once; the old ones are read while people go on signing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("petitions", "0006_congress_and_districts")]
    operations = [
        ValidateConstraint("signature", "petitions_signature_district"),
        ValidateConstraint("signature", "petitions_signature_district_how"),
    ]
