"""The day on which a petition forgets its signers, and how far the work of that day is."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0017_deliveries_and_paper"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Lapse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "last_pk",
                    models.BigIntegerField(default=0, help_text="Signatures up to this one have been looked at."),
                ),
                ("emptied", models.PositiveIntegerField(default=0, help_text="Signatures that were made nameless.")),
                (
                    "deleted",
                    models.PositiveIntegerField(default=0, help_text="Signatures that were never confirmed, deleted."),
                ),
                (
                    "on_paper",
                    models.PositiveIntegerField(default=0, help_text="Rows of sheets that were made nameless."),
                ),
                ("resumes_at", models.DateTimeField(blank=True, help_text="After a part that failed.", null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="petition",
            name="forgets_signers_on",
            field=models.DateField(
                blank=True,
                help_text="From this day on nothing says any more who signed; the numbers stay. It lies after the day of closing. Empty: kept as long as the petition lives.",
                null=True,
                verbose_name="forgets its signers on",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgets_signers_on__isnull", True),
                    models.Q(
                        ("closes_at__isnull", False),
                        (
                            "forgets_signers_on__gt",
                            models.Func(
                                models.Value("UTC"),
                                models.F("closes_at"),
                                function="timezone",
                                output_field=models.DateTimeField(),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="petitions_petition_forgets",
                violation_error_message="A petition forgets its signers on a day after it has closed.",
            ),
        ),
        migrations.AddField(
            model_name="lapse",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lapse",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lapses",
                to="petitions.petition",
            ),
        ),
        migrations.AddConstraint(
            model_name="lapse",
            constraint=models.UniqueConstraint(fields=("petition", "on"), name="petitions_lapse_once"),
        ),
        migrations.AddConstraint(
            model_name="lapse",
            constraint=models.CheckConstraint(
                condition=models.Q(("finished_at", None), ("resumes_at", None), _connector="OR"),
                name="petitions_lapse_finished",
            ),
        ),
    ]
