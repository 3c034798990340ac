"""A delta carries everything its signature counts in, so confirming writes one row. Goals climb, milestones are kept.

What waited is summed first, under the lock that keeps writers out for that moment, so nothing is lost. Web processes
of the release before may go on: they write a row for the total and one for the state, of which two triggers make the
one row that is meant. The triggers, with the columns `dimension` and `value` that only they read, go in the next
release.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

FOLD = """
    LOCK TABLE petitions_tallydelta IN ACCESS EXCLUSIVE MODE;
    WITH taken AS (
        DELETE FROM petitions_tallydelta WHERE dimension IS NOT NULL
        RETURNING petition_id, dimension, value, amount
    )
    INSERT INTO petitions_tally (petition_id, dimension, value, count)
    SELECT petition_id, dimension, value, sum(amount) FROM taken GROUP BY petition_id, dimension, value
    ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
UNFOLD = """
    LOCK TABLE petitions_tallydelta IN ACCESS EXCLUSIVE MODE;
    WITH taken AS (
        DELETE FROM petitions_tallydelta RETURNING petition_id, state, amount
    ), parts AS (
        SELECT petition_id, 'total' AS dimension, '' AS value, amount FROM taken
        UNION ALL SELECT petition_id, 'state', state, amount FROM taken
    )
    INSERT INTO petitions_tally (petition_id, dimension, value, count)
    SELECT petition_id, dimension, value, sum(amount) FROM parts GROUP BY petition_id, dimension, value
    ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
OLD_COLUMNS = """
    ALTER TABLE petitions_tallydelta DROP CONSTRAINT petitions_tallydelta_dimension,
        ALTER COLUMN dimension DROP NOT NULL, ALTER COLUMN value DROP NOT NULL
"""
OLD_COLUMNS_BACK = """
    ALTER TABLE petitions_tallydelta ALTER COLUMN dimension SET NOT NULL, ALTER COLUMN value SET NOT NULL,
        ADD CONSTRAINT petitions_tallydelta_dimension CHECK (dimension IN ('total', 'state'))
"""
OLD_WRITERS = """
    CREATE FUNCTION petitions_tallydelta_of_a_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.state := NEW.value;
        NEW.day := (now() AT TIME ZONE 'America/New_York')::date;
        RETURN NEW;
    END $$;
    CREATE FUNCTION petitions_tallydelta_of_a_total() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM petitions_tallydelta WHERE id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER petitions_tallydelta_old BEFORE INSERT ON petitions_tallydelta
        FOR EACH ROW WHEN (NEW.dimension IS NOT NULL) EXECUTE FUNCTION petitions_tallydelta_of_a_state();
    CREATE TRIGGER petitions_tallydelta_old_total AFTER INSERT ON petitions_tallydelta
        FOR EACH ROW WHEN (NEW.dimension = 'total') EXECUTE FUNCTION petitions_tallydelta_of_a_total();
"""
NO_OLD_WRITERS = """
    DROP TRIGGER petitions_tallydelta_old ON petitions_tallydelta;
    DROP TRIGGER petitions_tallydelta_old_total ON petitions_tallydelta;
    DROP FUNCTION petitions_tallydelta_of_a_state;
    DROP FUNCTION petitions_tallydelta_of_a_total;
"""
DIMENSIONS = ["total", "state", "district", "local", "source", "code", "day"]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0010_index_of_unlooked_signatures"), ("members", "0018_locals_on_the_leaderboard")]

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveIntegerField(help_text="The round number, such as 5,000.")),
                ("passed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="petitions.petition",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(fields=("petition", "step"), name="petitions_milestone_once"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("step__gt", 0)), name="petitions_milestone_step"),
        ),
        migrations.AddField(
            model_name="petition",
            name="first_goal",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The first of the goals that the page shows, each a step ahead of the count. "
                "Empty: the last from the start.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="petition",
            name="goal",
            field=models.PositiveIntegerField(help_text="How many signatures we want in the end."),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_goal__isnull", True),
                    models.Q(("first_goal__gt", 0), ("first_goal__lte", models.F("goal"))),
                    _connector="OR",
                ),
                name="petitions_petition_first_goal",
                violation_error_message="The first goal is no higher than the last.",
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="known_local",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The local of our list that they mean.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.local",
            ),
        ),
        migrations.RemoveConstraint(model_name="tally", name="petitions_tally_dimension"),
        migrations.AlterField(
            model_name="tally",
            name="dimension",
            field=models.CharField(
                choices=[
                    ("total", "total"),
                    ("state", "state"),
                    ("district", "district"),
                    ("local", "local"),
                    ("source", "source"),
                    ("code", "signer's code"),
                    ("day", "day"),
                ],
                default="total",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(
                condition=models.Q(("dimension__in", DIMENSIONS)), name="petitions_tally_dimension"
            ),
        ),
        migrations.RunSQL(FOLD, UNFOLD),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OLD_COLUMNS, OLD_COLUMNS_BACK)],
            state_operations=[
                migrations.RemoveConstraint(model_name="tallydelta", name="petitions_tallydelta_dimension"),
                migrations.RemoveField(model_name="tallydelta", name="dimension"),
                migrations.RemoveField(model_name="tallydelta", name="value"),
            ],
        ),
        migrations.AddField(
            model_name="tallydelta",
            name="state",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="tallydelta",
            name="district",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
        migrations.AddField(
            model_name="tallydelta", name="local", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="tallydelta",
            name="source_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="tallydelta",
            name="day",
            field=models.DateField(default=django.utils.timezone.localdate),  # of no row: what waited is summed
            preserve_default=False,
        ),
        migrations.RunSQL(OLD_WRITERS, NO_OLD_WRITERS),
    ]
