"""New signatures are looked at in sets: an hour of them at once, each rule one statement over all of them.

The hour before is looked at again each time. So a burst marks also its first ones, whoever committed late is not
missed, and doing it twice gives the same. A score only grows, until somebody decides.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from members import mail_domains
from petitions.fraud.rules import FREE, RULES, limit_of, limits, score_of
from petitions.models import FraudLimits, FraudMark, SignatureEvidence

MARK = "scored"
WINDOW = timedelta(hours=1)  # what the limits speak of
STEP = timedelta(minutes=10)  # after a rest, windows follow each other so closely that no burst falls between two
TURN = 20.0  # seconds of one turn
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('petitions.fraud.scoring'))"

LOOK = """
    CREATE TEMPORARY TABLE recent ON COMMIT DROP AS
    SELECT kept.signature_id, kept.petition_id, kept.address_hash, kept.network_hash, kept.mail_domain, kept.seconds,
        split_part(signed.email, '@', 1) AS mailbox, lower(signed.given_name) AS given,
        lower(signed.family_name) AS family, left(signed.zip_code, 5) AS zip,
        signed.status IN ('pending', 'confirmed') AS stands,
        kept.event_code <> '' OR EXISTS (
            SELECT FROM petitions_allowednetwork AS allowed WHERE kept.address <<= allowed.network
        ) AS is_hall
    FROM petitions_signatureevidence AS kept JOIN petitions_signature AS signed ON signed.id = kept.signature_id
    WHERE kept.signed_at > %(since)s AND kept.signed_at <= %(until)s
"""


def many(columns: str, where: str = "true") -> str:
    """Who is one of more than `limit` that have these columns in common."""
    return f"""
        SELECT signature_id, n FROM {{rows}} JOIN (
            SELECT petition_id, {columns}, count(*) AS n FROM {{rows}} WHERE {where}
            GROUP BY petition_id, {columns} HAVING count(*) > %(limit)s
        ) AS crowd USING (petition_id, {columns})
    """  # noqa: S608 - our own words


# Keyboard rows, digits, one letter four times, consonants alone: in the Latin alphabet only, where we can tell.
NO_NAME = r"[0-9]{2}|asdf|qwer|zxcv|hjkl|(.)\1{3}|^[bcdfghjklmnpqrstvwxz]{5,}$|^(test|null|none|admin|undefined)$"
STEM = "regexp_replace(mailbox, '[0-9]+', '', 'g')"
# Many people called Ann have a mailbox ann47@ at one of the large providers; few are called annbrownphoto47@.
HAS_STEM = f"mailbox ~ '[0-9]' AND (length({STEM}) >= 8 OR mail_domain <> ALL(%(usual)s))"
STEMS = f"(SELECT *, {STEM} AS stem FROM {{rows}} WHERE {HAS_STEM}) AS stems"  # noqa: S608
QUERIES = {
    "address": many("address_hash", "address_hash <> ''"),
    "network": many("network_hash", "network_hash <> ''"),
    "disposable": "SELECT signature_id, 1 FROM {rows} WHERE mail_domain = ANY(%(disposable)s)",
    "domain": many("mail_domain", "mail_domain <> ALL(%(usual)s)"),
    "speed": "SELECT signature_id, seconds FROM {rows} WHERE seconds < %(limit)s",
    "pattern": many("mail_domain, stem").replace("{rows}", STEMS),
    "family": many("family, zip"),
    "no-name": "SELECT signature_id, 1 FROM {rows} WHERE given ~ %(no_name)s OR family ~ %(no_name)s",
}
OUTSIDE_OF_HALLS = "(SELECT * FROM recent WHERE NOT is_hall) AS outside"
STORE = """
    INSERT INTO petitions_signaturescore AS known
        (signature_id, petition_id, score, reasons, scored_at, decision)
    SELECT new.signature_id, recent.petition_id, new.score, new.reasons, now(), ''
    FROM (VALUES %s) AS new (signature_id, score, reasons) JOIN recent USING (signature_id) WHERE recent.stands
    ON CONFLICT (signature_id) DO UPDATE
        SET score = excluded.score, reasons = excluded.reasons, scored_at = excluded.scored_at
        WHERE known.decision = '' AND excluded.score > known.score
"""


@dataclass(frozen=True)
class Kinds:
    """The domains of a window, sorted."""

    disposable: list[str]
    usual: list[str]  # from which many may come: public mailboxes, and employers whose workers we speak to


def score_new(*, seconds: float = TURN) -> int:
    """Look at everything that came since the last time, window by window. How many were scored or scored higher."""
    ends, scored = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        more = _turn(timezone.now())
        if more is None:
            break
        scored += more
    return scored


@transaction.atomic
def _turn(now: datetime) -> int | None:
    """One window. None where there is nothing left to look at, or another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return None
    mark = FraudMark.objects.filter(name=MARK).values_list("at", flat=True).first()
    if mark is None:
        mark = SignatureEvidence.objects.aggregate(first=Min("signed_at"))["first"]
    if mark is None or mark >= now:
        return None
    until = min(now, mark + STEP)
    scored = score_window(until - WINDOW, until)
    FraudMark.objects.update_or_create(name=MARK, defaults={"at": until})
    return scored if until < now or scored else None


def score_window(since: datetime, until: datetime) -> int:
    """Score who signed between two moments, in the transaction at hand. How many were scored or scored higher."""
    current = limits()
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"since": since, "until": until})
        cursor.execute("SELECT DISTINCT mail_domain FROM recent")
        kinds = _kinds([domain for (domain,) in cursor.fetchall()])
        reasons = _reasons(cursor, current, kinds)
        rows = [(pk, score_of(found), Json(found)) for pk, found in sorted(reasons.items())]
        worth = [row for row in rows if row[1] >= current.review_score]
        stored = 0
        for start in range(0, len(worth), 1000):
            execute_values(
                cursor.cursor, STORE, worth[start : start + 1000], template="(%s, %s, %s::jsonb)", page_size=1000
            )
            stored += cursor.rowcount
        cursor.execute("DROP TABLE recent")
    return stored


def _kinds(domains: list[str]) -> Kinds:
    employers = {domain for domain in domains if mail_domains.is_employers(f"@{domain}")}
    return Kinds(
        disposable=[domain for domain in domains if mail_domains.is_disposable(f"@{domain}")],
        usual=sorted(FREE | employers),
    )


def _reasons(cursor: Any, current: FraudLimits, kinds: Kinds) -> dict[int, list[dict[str, object]]]:
    """Every reason by the number of its signature, as data with words."""
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    for name, rule in RULES.items():
        limit = limit_of(name, current)
        for pk, n in _ask(cursor, name, limit, kinds):
            found[pk].append({"rule": name, "points": rule.points, "words": rule.words.format(n=n, limit=limit)})
    return found


def _ask(cursor: Any, name: str, limit: int, kinds: Kinds) -> list[tuple[int, int]]:
    values = {
        "limit": limit, "disposable": kinds.disposable, "usual": kinds.usual, "no_name": NO_NAME,
    }  # fmt: skip
    rows = OUTSIDE_OF_HALLS if RULES[name].spares_halls else "recent"
    cursor.execute(QUERIES[name].replace("{rows}", rows), values)
    return list(cursor.fetchall())
