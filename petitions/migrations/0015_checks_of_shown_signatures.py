"""The checks held for new rows at once; the old ones are read while people go on signing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("petitions", "0014_calls_reminders_and_how_stories_are_signed")]
    operations = [
        ValidateConstraint("signature", "petitions_signature_shown_as"),
        ValidateConstraint("signature", "petitions_signature_reminders"),
    ]
