"""Each hour: from which mail domains and networks the signatures of a petition came, and what is usual there."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from petitions import letters_to_staff
from petitions.fraud.rules import FREE, limits
from petitions.models import FraudMark, SignatureEvidence, Trend

logger = logging.getLogger(__name__)

MARK = "trended"
HOUR = timedelta(hours=1)
LATE = timedelta(minutes=2)  # after an hour's end its last signatures are committed
FEWEST = 10  # an hour; fewer are nobody's trend, and would be most of the table
KEPT = timedelta(days=90)
HOURS_AT_ONCE = 24
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('petitions.fraud.trending'))"

# One statement for both kinds. `usual` counts hours since the petition opened, at most those of seven days.
COUNT = """
    WITH came AS (
        SELECT petition_id, mail_domain, network_hash, address FROM petitions_signatureevidence
        WHERE signed_at >= %(hour)s AND signed_at < %(end)s
    ), counted AS (
        SELECT petition_id, 'domain' AS kind, mail_domain AS value, count(*) AS n, NULL::inet AS network
        FROM came GROUP BY petition_id, mail_domain
        UNION ALL
        SELECT petition_id, 'network', network_hash, count(*), min(address)
        FROM came WHERE network_hash <> '' GROUP BY petition_id, network_hash
    ), many AS (SELECT * FROM counted WHERE n >= %(fewest)s)
    INSERT INTO petitions_trend (petition_id, kind, value, hour, count, usual, network, is_remarkable)
    SELECT many.petition_id, kind, many.value, %(hour)s, n, level.usual, many.network,
        n >= %(limit)s AND n >= %(factor)s * level.usual AND NOT (kind = 'domain' AND many.value = ANY(%(free)s))
        AND NOT EXISTS (SELECT FROM petitions_allowednetwork AS allowed WHERE many.network <<= allowed.network)
    FROM many
    JOIN petitions_petition AS petition ON petition.id = many.petition_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(before.count), 0)
            / greatest(1, least(168, extract(epoch FROM %(hour)s - petition.opens_at) / 3600)) AS usual
        FROM petitions_trend AS before
        WHERE before.hour >= %(hour)s - interval '7 days' AND before.hour < %(hour)s
          AND before.petition_id = many.petition_id AND before.kind = many.kind AND before.value = many.value
    ) AS level
    ON CONFLICT (hour, petition_id, kind, value) DO UPDATE SET count = excluded.count, usual = excluded.usual,
        network = excluded.network, is_remarkable = excluded.is_remarkable
"""


def watch_trends() -> int:
    """Count the hours that have ended since the last time, and tell staff of what is remarkable. How many hours."""
    done = 0
    while done < HOURS_AT_ONCE and _next_hour(timezone.now()):
        done += 1
    Trend.objects.filter(hour__lt=timezone.now() - KEPT).delete()
    return done


@transaction.atomic
def _next_hour(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return False
    mark = FraudMark.objects.filter(name=MARK).values_list("at", flat=True).first()
    hour = mark or SignatureEvidence.objects.aggregate(first=Min("signed_at"))["first"]
    if hour is None:
        return False
    hour = max(hour, now - HOURS_AT_ONCE * HOUR).replace(minute=0, second=0, microsecond=0)
    if hour + HOUR + LATE > now:
        return False
    count_hour(hour)
    FraudMark.objects.update_or_create(name=MARK, defaults={"at": hour + HOUR})
    return True


def count_hour(hour: datetime) -> list[Trend]:
    """Count one hour, in the transaction at hand; doing it again gives the same. What of it is remarkable."""
    current = limits()
    values: dict[str, Any] = {
        "hour": hour, "end": hour + HOUR, "fewest": min(FEWEST, current.trend_limit), "limit": current.trend_limit,
        "factor": current.trend_factor, "free": sorted(FREE),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
    found = list(
        Trend.objects.filter(hour=hour, is_remarkable=True)
        .select_related("petition")
        .order_by("kind", "-count", "value")
    )
    for trend in found:
        logger.warning(
            "Trending on petition %s: %s %s, %s signatures in the hour from %s (usual %.1f)",
            trend.petition.slug, trend.kind, trend.value, trend.count, hour.isoformat(), trend.usual,
        )  # fmt: skip
    if found:
        tell_staff(found)
    return found


def tell_staff(found: Iterable[Trend]) -> None:
    """One letter a day at most to each of those who may look into it; the staff page shows the rest."""
    sentences = [
        f"“{trend.petition.slug}”: {trend.count} signatures within an hour from the {trend.get_kind_display()} "
        f"{trend.value if trend.kind == Trend.Kind.DOMAIN else 'that the fraud desk shows'}; "
        f"{trend.usual:.1f} are usual."
        for trend in found
    ]
    letters_to_staff.many_from_one_place(timezone.localdate(), sentences)
