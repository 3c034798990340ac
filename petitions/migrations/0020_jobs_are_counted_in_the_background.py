"""A job that sets aside may be counted by a worker, and knows the newest that it meant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0019_indexes_that_staff_search_by")]

    operations = [
        migrations.RemoveConstraint(
            model_name="invalidation",
            name="petitions_invalidation_status",
        ),
        migrations.RemoveConstraint(
            model_name="invalidation",
            name="petitions_invalidation_started",
        ),
        migrations.RemoveIndex(
            model_name="invalidation",
            name="petitions_invalidation_due",
        ),
        migrations.AddField(
            model_name="invalidation",
            name="examples",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()), default=list, help_text="Keys of the newest of them."
            ),
        ),
        migrations.AlterField(
            model_name="invalidation",
            name="counted",
            field=models.PositiveIntegerField(default=0, help_text="How many it meant when it was counted."),
        ),
        migrations.AlterField(
            model_name="invalidation",
            name="status",
            field=models.CharField(
                choices=[
                    ("counting", "being counted"),
                    ("counted", "counted, not begun"),
                    ("running", "being set aside"),
                    ("done", "done"),
                    ("cancelled", "cancelled"),
                    ("failed", "failed"),
                    ("undoing", "being taken back"),
                    ("undone", "taken back"),
                ],
                default="counted",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="invalidation",
            index=models.Index(
                condition=models.Q(("status__in", ["counting", "running", "undoing"])),
                fields=["id"],
                name="petitions_invalidation_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="invalidation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["counting", "counted", "running", "done", "cancelled", "failed", "undoing", "undone"],
                    )
                ),
                name="petitions_invalidation_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="invalidation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["counting", "counted", "cancelled", "failed"]),
                    ("started_at__isnull", False),
                    _connector="OR",
                ),
                name="petitions_invalidation_started",
            ),
        ),
    ]
