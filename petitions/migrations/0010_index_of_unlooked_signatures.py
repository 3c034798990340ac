"""Finds the confirmed signatures whose district nobody has looked up yet; built beside those who sign."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0009_versions_keep_their_measures")]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("district_how", ""), ("status", "confirmed")),
                fields=["id"],
                name="petitions_signature_unlooked",
            ),
        ),
    ]
