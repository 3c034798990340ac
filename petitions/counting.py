"""What the tallies count in, said to the database: the statements of `petitions.tallies`.

Each dimension is said three times, once for each place it is read from: a delta, a signature, and the value's text.
"""

FRIENDS = "friends"  # the source of everybody who came by a signer's own code
PERSONAL = "f-"  # how such a code begins
IS_PERSONAL = f"left(source_code, 2) = '{PERSONAL}'"
SOURCE = f"CASE WHEN {IS_PERSONAL} THEN '{FRIENDS}' ELSE source_code END"
CODE = f"CASE WHEN {IS_PERSONAL} THEN source_code ELSE '' END"

# A dimension's value in a row of petitions_tallydelta.
VALUES = {
    "total": "''",
    "state": "state",
    "district": "district",
    "local": "coalesce(local::text, '')",
    "source": SOURCE,
    "code": CODE,
    "day": "day::text",
}

COUNT = """
    SELECT
        coalesce((SELECT sum(count) FROM petitions_tally
                  WHERE petition_id = %(petition)s AND dimension = 'total'), 0)
        + coalesce((SELECT sum(amount) FROM petitions_tallydelta WHERE petition_id = %(petition)s), 0)
"""

OF_CODE = """
    SELECT
        coalesce((SELECT sum(count) FROM petitions_tally
                  WHERE petition_id = %(petition)s AND dimension = 'code' AND value = %(code)s), 0)
        + coalesce((SELECT sum(amount) FROM petitions_tallydelta
                    WHERE petition_id = %(petition)s AND source_code = %(code)s), 0)
"""

BY_VALUE = {
    dimension: f"""
        SELECT value, sum(amount) FROM (
            SELECT value, count AS amount FROM petitions_tally
            WHERE petition_id = %(petition)s AND dimension = '{dimension}'
            UNION ALL
            SELECT {value}, amount FROM petitions_tallydelta WHERE petition_id = %(petition)s
        ) AS counted
        GROUP BY value HAVING sum(amount) <> 0
    """  # noqa: S608 - our own words
    for dimension, value in VALUES.items()
}

TRY_TO_BE_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('petitions.tallies'))"
BE_ALONE = "SELECT pg_advisory_xact_lock(hashtext('petitions.tallies'))"

# Each part of a delta, as a row; only signers' codes have the part `code`.
PARTS = ", ".join(f"('{dimension}', {value})" for dimension, value in VALUES.items())
UNFOLDED = f"CROSS JOIN LATERAL (VALUES {PARTS}) AS part (dimension, value)"
HAS_PART = "NOT (part.dimension = 'code' AND part.value = '')"

ADD = "ON CONFLICT (petition_id, dimension, value) DO UPDATE SET count = petitions_tally.count + excluded.count"

DRAIN = f"""
    WITH taken AS (
        DELETE FROM petitions_tallydelta RETURNING petition_id, amount, state, district, local, source_code, day
    ), alike AS (
        SELECT petition_id, state, district, local, source_code, day, sum(amount) AS amount
        FROM taken GROUP BY petition_id, state, district, local, source_code, day
    ), summed AS (
        SELECT petition_id, part.dimension, part.value, sum(amount) AS amount
        FROM alike {UNFOLDED}
        WHERE {HAS_PART} GROUP BY petition_id, part.dimension, part.value
    ), written AS (
        INSERT INTO petitions_tally (petition_id, dimension, value, count)
        SELECT petition_id, dimension, value, amount FROM summed
        {ADD}
    )
    SELECT count(*) FROM taken
"""  # noqa: S608 - our own words

# Every tally beside what the signatures themselves say, in one pass over them: GROUPING SETS keeps a hash table for
# each dimension, so five million signatures are read once and not seven times. `said` comes from the same snapshot.
DRIFTED = f"""
    WITH said AS (
        SELECT petition_id, dimension, value, sum(amount) AS counted FROM (
            SELECT petition_id, dimension, value, count AS amount FROM petitions_tally
            UNION ALL
            SELECT petition_id, part.dimension, part.value, amount FROM petitions_tallydelta {UNFOLDED}
            WHERE {HAS_PART}
        ) AS tallied
        GROUP BY petition_id, dimension, value
    ), signed AS (
        SELECT petition_id, state, district, known_local_id AS local, {SOURCE} AS source, {CODE} AS code,
               (confirmed_at AT TIME ZONE %(zone)s)::date AS day
        FROM petitions_signature WHERE status = 'confirmed'
    ), grouped AS (
        SELECT petition_id, state, district, local, source, code, day, count(*) AS confirmed,
               grouping(state, district, local, source, code, day) AS bits
        FROM signed
        GROUP BY petition_id, GROUPING SETS ((), (state), (district), (local), (source), (code), (day))
    ), are AS (
        SELECT petition_id,
               CASE bits WHEN 63 THEN 'total' WHEN 31 THEN 'state' WHEN 47 THEN 'district' WHEN 55 THEN 'local'
                         WHEN 59 THEN 'source' WHEN 61 THEN 'code' WHEN 62 THEN 'day' END AS dimension,
               coalesce(state, district, local::text, source, code, day::text, '') AS value,
               confirmed
        FROM grouped WHERE NOT (bits = 61 AND code = '')
    ), drifted AS (
        SELECT petition_id, dimension, value,
               coalesce(counted, 0)::integer AS counted, coalesce(confirmed, 0)::integer AS confirmed
        FROM said FULL JOIN are USING (petition_id, dimension, value)
        WHERE coalesce(counted, 0) <> coalesce(confirmed, 0)
    )
"""  # noqa: S608 - our own words
TELL = """
    SELECT petition_id, petition.slug, dimension, value, counted, confirmed
    FROM drifted JOIN petitions_petition AS petition ON petition.id = petition_id
    ORDER BY petition_id, dimension DESC, value
"""
COMPARE = f"{DRIFTED} {TELL}"
REPAIR = f"""
    {DRIFTED}, repaired AS (
        INSERT INTO petitions_tally (petition_id, dimension, value, count)
        SELECT petition_id, dimension, value, confirmed - counted FROM drifted
        {ADD}
    )
    {TELL}
"""  # noqa: S608 - our own words
