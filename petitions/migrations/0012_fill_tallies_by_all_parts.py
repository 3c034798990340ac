"""Fills the tallies by district, local, source, signer's code and day of the signatures that are there.

Each is set by what is missing from it, counted in one statement, so people may sign and confirm meanwhile; run again,
it adds nothing. Round numbers that were passed before there were milestones are no news any more.
"""

from django.conf import settings
from django.db import migrations, transaction

BE_ALONE = "SELECT pg_advisory_xact_lock(hashtext('petitions.tallies'))"
# What to count: of a signature, of a delta, and which of them.
PARTS = {
    "district": ("district", "district", "true"),
    "local": ("coalesce(known_local_id::text, '')", "coalesce(local::text, '')", "true"),
    "source": (
        "CASE WHEN left(source_code, 2) = 'f-' THEN 'friends' ELSE source_code END",
        "CASE WHEN left(source_code, 2) = 'f-' THEN 'friends' ELSE source_code END",
        "true",
    ),
    "code": ("source_code", "source_code", "left(source_code, 2) = 'f-'"),
    "day": ("(confirmed_at AT TIME ZONE %(zone)s)::date::text", "day::text", "true"),
}
FILL = """
    WITH said AS (
        SELECT petition_id, value, sum(amount) AS counted FROM (
            SELECT petition_id, value, count AS amount FROM petitions_tally WHERE dimension = '{dimension}'
            UNION ALL
            SELECT petition_id, {of_delta}, amount FROM petitions_tallydelta WHERE {which}
        ) AS tallied
        GROUP BY petition_id, value
    ), are AS (
        SELECT petition_id, {of_signature} AS value, count(*) AS confirmed
        FROM petitions_signature WHERE status = 'confirmed' AND {which} GROUP BY 1, 2
    )
    INSERT INTO petitions_tally (petition_id, dimension, value, count)
    SELECT petition_id, '{dimension}', value, coalesce(confirmed, 0) - coalesce(counted, 0)
    FROM said FULL JOIN are USING (petition_id, value)
    WHERE coalesce(confirmed, 0) <> coalesce(counted, 0)
    ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count
"""
STEPS = [step * 10**noughts for noughts in range(5) for step in (100, 250, 500)]
PASSED = """
    INSERT INTO petitions_milestone (petition_id, step, passed_at)
    SELECT petition_id, step, now() FROM petitions_tally, unnest(%s::integer[]) AS step
    WHERE dimension = 'total' AND count >= step
    ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
        cursor.execute(BE_ALONE)
        for dimension, (of_signature, of_delta, which) in PARTS.items():
            statement = FILL.format(dimension=dimension, of_signature=of_signature, of_delta=of_delta, which=which)
            cursor.execute(statement, {"zone": settings.TIME_ZONE})
        cursor.execute(PASSED, [STEPS])


def forget(apps, schema_editor):
    """Back to totals and states, which the constraint of before allows."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM petitions_tally WHERE dimension NOT IN ('total', 'state')")


class Migration(migrations.Migration):
    dependencies = [("petitions", "0011_count_by_all_parts")]

    operations = [migrations.RunPython(fill, forget, elidable=True)]
