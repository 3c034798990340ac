"""Five million signatures in the table, spread as real ones: then the same figures again, and the staff's pages.

Bulk loading drops the table's indexes and unique constraints and makes them anew, as one does; what is left is the
same as after five million visits, but for the letters.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from csan.supervisor import Supervisor
from members.models import Person
from petitions import tallies
from petitions.models import Petition, Signature, SignatureEvidence, SignatureScore
from tests.bench import congress
from tests.bench.rows import insert_many

SLICE = 500_000  # rows by one statement
ZIP_CODES = """
    CREATE TABLE bench_zip (
        place integer PRIMARY KEY, zip_code text NOT NULL, state text NOT NULL, district text NOT NULL
    )
"""
# Few ZIP codes have many signers: the square of an even number between 0 and 1 falls on the first of them.
SPREAD = """
    generate_series(%s, %s) AS n
    CROSS JOIN LATERAL (
        SELECT random() AS a, random() AS c, now() - interval '365 days' * (1 - (n::float / %s) ^ 2) AS at
        WHERE n IS NOT NULL
    ) AS dice
    JOIN bench_zip AS zip ON zip.place = floor(dice.a * dice.a * %s)::integer
"""
# A district is looked up when somebody confirms; few write a ZIP code that nobody knows.
PENDING = "n % 100 BETWEEN 88 AND 95"
UNKNOWN = "n % 20000 = 5"
SIGNATURE = {
    "email": "'signer' || n || '@example.net'",
    "email_key": "md5('signer' || n)",
    "given_name": "(ARRAY['Ana', 'Bob', 'Carla', 'Dan', 'Eve', 'Fay', 'Gus'])[1 + n % 7]",
    "family_name": "'Signer' || n",
    "zip_code": "zip.zip_code",
    "state": f"CASE WHEN {UNKNOWN} THEN '' ELSE zip.state END",
    "district": f"CASE WHEN {PENDING} OR {UNKNOWN} OR n % 9 = 0 THEN '' ELSE zip.district END",
    "district_how": f"CASE WHEN {PENDING} THEN '' WHEN {UNKNOWN} THEN 'unknown' WHEN n % 9 = 0 THEN 'split' "
    "WHEN n % 50 = 1 THEN 'chosen' ELSE 'unique' END",
    "district_congress": f"CASE WHEN {PENDING} OR {UNKNOWN} OR n % 9 = 0 THEN NULL ELSE 119 END",
    "suspicion": "CASE WHEN n % 1000 = 3 THEN 1 ELSE 0 END",
    "local": "CASE WHEN n % 3 = 0 THEN 'CWA Local ' || 1000 + n % 300 ELSE '' END",
    "known_local_id": "CASE WHEN n % 3 = 0 THEN (%(locals)s)[1 + n % array_length(%(locals)s, 1)] END",
    "comment": "CASE WHEN n % 20 = 0 THEN 'I have answered calls for ' || n % 30 || ' years.' ELSE '' END",
    "show_name": "n % 4 = 0",
    "language": "CASE WHEN n % 7 = 0 THEN 'es' ELSE 'en' END",
    "source": "'/petitions/save-call-center-jobs/sign/'",
    "source_code": "CASE WHEN n % 5 = 0 THEN 'code' || n % 40 ELSE '' END",
    "status": "CASE WHEN n % 100 < 88 THEN 'confirmed' WHEN n % 100 < 96 THEN 'pending' "
    "WHEN n % 100 < 99 THEN 'withdrawn' ELSE 'invalid' END",
    "key": "md5('key' || n)",
    # One after the other, most of them in the first weeks of a year, fewer each day.
    "asked_at": "dice.at",
    "created_at": "dice.at",
    "confirmed_at": "CASE WHEN n % 100 < 88 OR n % 100 >= 96 "
    "THEN least(now(), dice.at + interval '2 days' * dice.c * dice.c) END",
    "story_shown_at": "CASE WHEN n % 5000 = 0 THEN dice.at END",
    "withdrawn_at": "CASE WHEN n % 100 BETWEEN 96 AND 98 THEN now() END",
    "letters_sent": "1",
}
PERSON = {
    "email": "email",
    "email_key": "email_key",
    "given_name": "given_name",
    "family_name": "family_name",
    "zip_code": "zip_code",
    "local_as_written": "local",
    "language": "language",
    "email_verified_at": "confirmed_at",
    "created_at": "confirmed_at",
}
# Of each signature: a hundred thousand networks, few of them with many signers; the addresses of the last month.
EVIDENCE = {
    "signature_id": "id",
    "petition_id": "petition_id",
    "signed_at": "created_at",
    "address": "CASE WHEN created_at > now() - interval '30 days' "
    "THEN ('198.51.' || id % 100 || '.' || id % 250)::inet END",
    "address_hash": "substr(md5('address' || id % 2500000), 1, 16)",
    "network_hash": "substr(md5('network' || id % 100000), 1, 16)",
    "mail_domain": "split_part(email, '@', 2)",
    "seconds": "id % 200",
    "agent": "(ARRAY['Chrome', 'Firefox', 'Safari'])[1 + id % 3]",
}
# One in a hundred has something against it; of half of those nobody has decided.
SCORE = {
    "signature_id": "id",
    "petition_id": "petition_id",
    "score": "10 + id / 100 % 80",
    "reasons": """jsonb_build_array(jsonb_build_object(
        'rule', (ARRAY['address', 'network', 'haste', 'pattern'])[1 + id / 100 % 4], 'points', 10,
        'words', 'Many came from one place within an hour.'))""",
    "scored_at": "created_at",
    "decision": "CASE WHEN id / 100 % 2 = 0 THEN 'fine' ELSE '' END",
    "decided_at": "CASE WHEN id / 100 % 2 = 0 THEN now() END",
}
INDEXES = """
    SELECT indexname, indexdef, conname, pg_get_constraintdef(con.oid)
    FROM pg_indexes JOIN pg_class AS of ON of.relname = indexname
    LEFT JOIN pg_constraint AS con ON con.conindid = of.oid AND con.contype IN ('p', 'u', 'x')
    WHERE tablename = %s AND (con.contype IS NULL OR con.contype = 'u')
"""


def fill(petition: Petition, number: int, supervisor: Supervisor) -> dict[str, Any]:
    """Load the signatures, the people who confirmed, and the tallies. How long each took, in seconds."""
    took: dict[str, Any] = {"signatures": number}
    congress.assemble(petition)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger looks up what is there
        zip_codes = fill_zip_codes(cursor)
        with timed(took, "loading_s"), without_indexes(cursor, Signature._meta.db_table):
            load(cursor, petition, number, zip_codes, supervisor)
        with timed(took, "people_s"), without_indexes(cursor, Person._meta.db_table):
            chosen = f"{Signature._meta.db_table} WHERE confirmed_at IS NOT NULL AND email LIKE '%@example.net'"
            took["people"] = insert_many(cursor, Person, PERSON, source=chosen)
        with timed(took, "evidence_s"), without_indexes(cursor, SignatureEvidence._meta.db_table):
            chosen = f"{Signature._meta.db_table} AS signature WHERE email LIKE '%@example.net'"
            took["evidence"] = insert_many(cursor, SignatureEvidence, EVIDENCE, source=chosen)
        chosen = f"{Signature._meta.db_table} AS signature WHERE email LIKE '%@example.net' AND id % 100 = 7"
        took["scores"] = insert_many(cursor, SignatureScore, SCORE, source=chosen)
        cursor.execute("SET session_replication_role = DEFAULT")
        with timed(took, "tallies_s"), nothing_logged():  # every tally is new, so all of them "had drifted"
            tallies.recount()
        with timed(took, "vacuum_s"):
            cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_total_relation_size(%s)", [Signature._meta.db_table])
        took["table_and_indexes_mb"] = round(cursor.fetchone()[0] / 2**20)
    return took


def load(cursor: CursorWrapper, petition: Petition, number: int, zip_codes: int, supervisor: Supervisor) -> None:
    """The signatures themselves, a slice at a time."""
    numbers = ", ".join(str(local.pk) for local in congress.locals_of_the_union())
    values = {
        **{column: sql.replace("%(locals)s", f"ARRAY[{numbers}]") for column, sql in SIGNATURE.items()},
        "petition_id": str(petition.pk),
        "version_id": str(petition.current_version.pk),
    }
    escaped = {column: sql.replace("%", "%%") for column, sql in values.items()}
    for first in range(1, number + 1, SLICE):
        supervisor.check()
        last = min(first + SLICE - 1, number)
        insert_many(cursor, Signature, escaped, source=SPREAD, parameters=[first, last, number, zip_codes])


def fill_zip_codes(cursor: CursorWrapper) -> int:
    """The ZIP codes that signers live in. How many."""
    cursor.execute(ZIP_CODES)
    rows = [(n, *place) for n, place in enumerate(congress.zip_codes())]
    cursor.executemany("INSERT INTO bench_zip VALUES (%s, %s, %s, %s)", rows)
    return len(rows)


@contextmanager
def without_indexes(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """No index but the primary key while many rows come in; afterwards all of them again."""
    cursor.execute(INDEXES, [table])
    found = cursor.fetchall()
    for index, _, constraint, _ in found:
        cursor.execute(
            f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f'DROP INDEX "{index}"'
        )
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _, definition, constraint, rule in found:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {rule}' if constraint else definition)


@contextmanager
def nothing_logged() -> Iterator[None]:
    """What is known beforehand is not said."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def timed(took: dict[str, Any], name: str) -> Iterator[None]:
    """Note the seconds of a block under a name."""
    begins = time.monotonic()
    yield
    took[name] = round(time.monotonic() - begins, 1)
