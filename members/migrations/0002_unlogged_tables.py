"""Senders' notes and the rate budget need no crash safety: losing them is an answer the outbox understands."""

from django.db import migrations

TABLES = ("members_sendbatch", "members_sendbudget")


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[f"ALTER TABLE {table} SET UNLOGGED" for table in TABLES],
            reverse_sql=[f"ALTER TABLE {table} SET LOGGED" for table in TABLES],
        ),
    ]
