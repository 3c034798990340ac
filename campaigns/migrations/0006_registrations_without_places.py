"""Registrations no longer say where a box goes. Their old columns stay for one release, for processes that still write
them, and get a default for those that do not.
"""

import django.db.models.deletion
from django.db import migrations, models

MOVED = ("receiving_hours", "ship_address1", "ship_address2", "ship_city", "ship_name", "ship_state", "ship_zip")
DEFAULTS = [f"ALTER TABLE campaigns_registration ALTER COLUMN {name} SET DEFAULT ''" for name in MOVED]
NO_DEFAULTS = [f"ALTER TABLE campaigns_registration ALTER COLUMN {name} DROP DEFAULT" for name in MOVED]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_main_place_of_each_registration")]
    operations = [
        migrations.AlterField(
            model_name="box",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="boxes", to="campaigns.shipto"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DEFAULTS, NO_DEFAULTS)],
            state_operations=[migrations.RemoveField("registration", name) for name in MOVED],
        ),
    ]
