"""Whose districts are whose, doubts that staff settled, and the day of the week that a task is for."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0008_print_outs_and_boxes_sent_again"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SettledReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="Of the reason: as the queue calls it.", max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="StaffDistricts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "districts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        help_text="As in the directory of locals, with commas: 1, 2-13, 3.",
                        size=None,
                    ),
                ),
            ],
            options={
                "verbose_name": "districts of staff",
                "verbose_name_plural": "districts of staff",
            },
        ),
        migrations.AddField(
            model_name="weektask",
            name="day",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Whose turn it is on this day of the week, 1 for its first; empty: the days are shared out.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("made_at", None)), fields=("registration", "about"), name="campaigns_call_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="weektask",
            constraint=models.CheckConstraint(
                condition=models.Q(("day", None), ("day__gt", 0), _connector="OR"), name="campaigns_weektask_day"
            ),
        ),
        migrations.AddField(
            model_name="settledreason",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="settledreason",
            name="registration",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="settled_reasons",
                to="campaigns.registration",
            ),
        ),
        migrations.AddField(
            model_name="staffdistricts",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="staff_districts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="settledreason",
            constraint=models.UniqueConstraint(fields=("registration", "code"), name="campaigns_settledreason_once"),
        ),
        migrations.AddConstraint(
            model_name="staffdistricts",
            constraint=models.CheckConstraint(
                condition=models.Q(("districts", []), _negated=True), name="campaigns_staffdistricts_some"
            ),
        ),
    ]
