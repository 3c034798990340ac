"""Fills in the state of the signatures that are there, batch by batch, and then their tallies.

Run again after a stop, it goes on where it was. The tallies are set by what is missing from them, counted in one
statement, so people may sign and confirm meanwhile.
"""

from django.db import migrations, transaction

from csan.lib.states import state_of

BATCH = 5000
NEXT = "SELECT id, zip_code FROM petitions_signature WHERE id > %s AND state = '' ORDER BY id LIMIT %s"
# Not where the signer has just corrected it.
FILL = """
    UPDATE petitions_signature AS signature SET state = known.state
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS known (id, zip_code, state)
    WHERE signature.id = known.id AND signature.zip_code = known.zip_code AND signature.state = ''
"""
BE_ALONE = "SELECT pg_advisory_xact_lock(hashtext('petitions.tallies'))"
TALLY = """
    WITH said AS (
        SELECT petition_id, value, sum(amount) AS counted FROM (
            SELECT petition_id, value, count AS amount FROM petitions_tally WHERE dimension = 'state'
            UNION ALL
            SELECT petition_id, value, amount FROM petitions_tallydelta WHERE dimension = 'state'
        ) AS tallied
        GROUP BY petition_id, value
    ), are AS (
        SELECT petition_id, state AS value, count(*) AS confirmed
        FROM petitions_signature WHERE status = 'confirmed' GROUP BY petition_id, state
    )
    INSERT INTO petitions_tally (petition_id, dimension, value, count)
    SELECT petition_id, 'state', value, coalesce(confirmed, 0) - coalesce(counted, 0)
    FROM said FULL JOIN are USING (petition_id, value)
    WHERE coalesce(confirmed, 0) <> coalesce(counted, 0)
    ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count
"""


def fill(apps, schema_editor):
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                break
            last = rows[-1][0]
            known = [(pk, zip_code, state) for pk, zip_code in rows if (state := state_of(zip_code))]
            cursor.execute(FILL, [list(column) for column in zip(*known, strict=True)] or [[], [], []])


def tally(apps, schema_editor):
    with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
        cursor.execute(BE_ALONE)
        cursor.execute(TALLY)


def forget(apps, schema_editor):
    """Back to totals alone, which the constraint of before allows."""
    with schema_editor.connection.cursor() as cursor:
        for table in ("petitions_tally", "petitions_tallydelta"):
            cursor.execute(f"DELETE FROM {table} WHERE dimension = 'state'")


class Migration(migrations.Migration):
    atomic = False  # each batch is committed by itself, so that signers never wait long for their row

    dependencies = [("petitions", "0003_lineage_points_states_stories")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(tally, forget, elidable=True),
    ]
