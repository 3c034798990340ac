"""A note of each connection's letter, mailboxes that bounce, and counts that the database keeps by itself."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# One row for each state that a statement touched, whoever wrote the statement.
COUNT = """
    CREATE FUNCTION members_count_letters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO members_lettercountdelta (issue_id, status, amount, at)
            SELECT issue_id, status, count(*), clock_timestamp() FROM come
            WHERE issue_id IS NOT NULL GROUP BY issue_id, status;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO members_lettercountdelta (issue_id, status, amount, at)
            SELECT issue_id, status, -count(*), clock_timestamp() FROM gone
            WHERE issue_id IS NOT NULL GROUP BY issue_id, status;
        ELSE
            INSERT INTO members_lettercountdelta (issue_id, status, amount, at)
            SELECT issue_id, status, sum(amount), clock_timestamp() FROM (
                SELECT issue_id, status, 1 AS amount FROM come
                UNION ALL
                SELECT issue_id, status, -1 FROM gone
            ) AS moved
            WHERE issue_id IS NOT NULL GROUP BY issue_id, status HAVING sum(amount) <> 0;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER members_count_inserted AFTER INSERT ON members_message
        REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION members_count_letters();
    CREATE TRIGGER members_count_updated AFTER UPDATE ON members_message
        REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION members_count_letters();
    CREATE TRIGGER members_count_deleted AFTER DELETE ON members_message
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION members_count_letters();
    INSERT INTO members_lettercount (issue_id, status, count)
        SELECT issue_id, status, count(*) FROM members_message WHERE issue_id IS NOT NULL GROUP BY issue_id, status;
"""
COUNT_NO_MORE = """
    DROP TRIGGER members_count_inserted ON members_message;
    DROP TRIGGER members_count_updated ON members_message;
    DROP TRIGGER members_count_deleted ON members_message;
    DROP FUNCTION members_count_letters();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_imports_exports_domain"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("claimed", "in a sender's hands"),
                            ("accepted", "accepted by the mail service"),
                            ("skipped", "skipped"),
                            ("refused", "refused"),
                            ("failed", "failed"),
                            ("uncertain", "uncertain"),
                        ],
                        max_length=9,
                    ),
                ),
                ("count", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="LetterCountDelta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("claimed", "in a sender's hands"),
                            ("accepted", "accepted by the mail service"),
                            ("skipped", "skipped"),
                            ("refused", "refused"),
                            ("failed", "failed"),
                            ("uncertain", "uncertain"),
                        ],
                        max_length=9,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="suppression",
            name="members_suppression_reason",
        ),
        migrations.AddField(
            model_name="mailevent",
            name="email_key",
            field=models.CharField(blank=True, help_text="Whose mailbox it speaks of.", max_length=32),
        ),
        migrations.AddField(
            model_name="mailevent",
            name="is_permanent",
            field=models.BooleanField(default=False, help_text="Of a bounce: this mailbox will never take mail."),
        ),
        migrations.AddField(
            model_name="sendbatch",
            name="in_hand",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="reason",
            field=models.CharField(
                choices=[
                    ("bounced", "the mailbox does not exist"),
                    ("bouncing", "the mailbox gave our mail back again and again"),
                    ("complained", "marked our mail as spam"),
                    ("erased", "asked to be erased"),
                    ("staff", "stopped by staff"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="mailevent",
            index=models.Index(
                condition=models.Q(("kind__in", ["bounced", "delivered", "opened", "clicked"])),
                fields=["email_key"],
                name="members_mailevent_mailbox",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["bounced", "bouncing", "complained", "erased", "staff"])),
                name="members_suppression_reason",
            ),
        ),
        migrations.AddField(
            model_name="lettercount",
            name="issue",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.issue"
            ),
        ),
        migrations.AddField(
            model_name="lettercountdelta",
            name="issue",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="members.issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettercount",
            constraint=models.UniqueConstraint(fields=("issue", "status"), name="members_lettercount_once"),
        ),
        migrations.AddIndex(
            model_name="lettercountdelta",
            index=models.Index(fields=["issue", "at"], name="members_lettercountdelta_at"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status__in", ["uncertain", "failed", "refused"])),
                fields=["status", "-id"],
                name="members_message_trouble",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("lane", "transactional")), fields=["email_key"], name="members_message_mailbox"
            ),
        ),
        migrations.RunSQL(sql=COUNT, reverse_sql=COUNT_NO_MORE),
    ]
