"""A local stands on the petitions' leaderboard only where it said that it wants to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0017_source_codes")]

    operations = [
        migrations.AddField(
            model_name="local",
            name="is_on_leaderboard",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The local wants the results of petitions to show how many signed as its members.",
                verbose_name="on the leaderboard",
            ),
        ),
    ]
