"""What signatures are checked by and found with, made without stopping who signs meanwhile.

The index is built beside the writers. The checks hold for new rows at once; the old ones are read under a lock that lets
people sign.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

CHECKS = [
    models.CheckConstraint(condition=models.Q(("state__regex", "^([A-Z]{2})?$")), name="petitions_signature_state"),
    models.CheckConstraint(
        condition=models.Q(
            ("story_shown_at__isnull", True),
            models.Q(("status", "confirmed"), models.Q(("comment", ""), _negated=True)),
            _connector="OR",
        ),
        name="petitions_signature_story",
    ),
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0004_states_of_existing_signatures")]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("story_shown_at__isnull", False)),
                fields=["petition", "story_shown_at"],
                name="petitions_signature_stories",
            ),
        ),
        *[AddConstraintNotValid(model_name="signature", constraint=check) for check in CHECKS],
        *[ValidateConstraint(model_name="signature", name=check.name) for check in CHECKS],
    ]
