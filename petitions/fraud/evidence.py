"""What a signature came with: kept in its own transaction by one statement, its addresses erased after thirty days."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from csan.lib.ratelimit import client_ip
from csan.lib.rows import change, new_row
from petitions.fraud.networks import address_hash, agent_of, network_hash, plain_address
from petitions.models import Signature, SignatureEvidence, SignatureScore, Trend

KEPT = timedelta(days=30)  # network addresses, after signing
SLICE = 5000
MOST_SECONDS = 32_767  # a page left open over night says no more than one left open over lunch

KEEP = """
    INSERT INTO petitions_signatureevidence AS kept
        (signature_id, petition_id, signed_at, address, address_hash, network_hash, mail_domain, seconds, agent,
         event_code)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (signature_id) DO UPDATE SET
        signed_at = excluded.signed_at, address = excluded.address, address_hash = excluded.address_hash,
        network_hash = excluded.network_hash, mail_domain = excluded.mail_domain, seconds = excluded.seconds,
        agent = excluded.agent, event_code = excluded.event_code, repeats = least(kept.repeats + 1, 32767)
"""
KEEP_CONFIRMING = """
    UPDATE petitions_signatureevidence
    SET confirm_address = %s, confirm_address_hash = %s, confirm_network_hash = %s WHERE signature_id = %s
"""


@dataclass(frozen=True)
class Seen:
    """What the request with a form told, beside what was typed. Never in a log, never in a task's arguments."""

    address: str | None
    agent: str = ""
    seconds: int | None = None
    event_code: str = ""


def seen(request: HttpRequest, *, began: str = "", event_code: str = "") -> Seen:
    """What this request tells. `began` is the form's own clock, in seconds since 1970."""
    took = int(time.time()) - int(began) if began.isdecimal() else None
    return Seen(
        address=plain_address(client_ip(request)),
        agent=agent_of(request.META.get("HTTP_USER_AGENT", "")),
        seconds=min(max(took, 0), MOST_SECONDS) if took is not None else None,
        event_code=event_code,
    )


def of(signature: Signature, found: Seen | None, *, now: datetime) -> list[SignatureEvidence]:
    """The row for a new signature, to be written together with it; none where nothing was seen."""
    if found is None:
        return []
    return [
        new_row(
            SignatureEvidence,
            signature_id=signature.pk,
            petition_id=signature.petition_id,
            signed_at=now,
            address=found.address,
            address_hash=address_hash(found.address),
            network_hash=network_hash(found.address),
            mail_domain=signature.email.rpartition("@")[2],
            seconds=found.seconds,
            agent=found.agent,
            event_code=found.event_code,
        )
    ]


def keep(signature: Signature, found: Seen | None, *, now: datetime) -> None:
    """Keep it beside the signature, in the transaction at hand; later details for the same signature overwrite."""
    if found is None:
        return
    values = (
        signature.pk, signature.petition_id, now, found.address, address_hash(found.address),
        network_hash(found.address), signature.email.rpartition("@")[2], found.seconds, found.agent, found.event_code,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)


def keep_again(signature: Signature, found: Seen | None, *, now: datetime, overwrites: bool) -> None:
    """The mailbox signed again. Where its details stand confirmed, only that it did is kept."""
    if overwrites:
        keep(signature, found, now=now)
    elif found is not None:
        SignatureEvidence.objects.filter(pk=signature.pk, repeats__lt=MOST_SECONDS).update(repeats=F("repeats") + 1)


def keep_confirming(signature: Signature, found: Seen | None) -> None:
    """From where the button of the letter was pressed."""
    if found is not None:
        change(
            KEEP_CONFIRMING,
            (found.address, address_hash(found.address), network_hash(found.address), signature.pk),
        )


def told(signature: Signature) -> dict[str, Any]:
    """What we keep, for the signer who takes it along; empty where nothing is kept."""
    row = getattr(signature, "evidence", None)
    if row is None:
        return {}
    names = (
        "signed_at", "address", "address_hash", "network_hash", "confirm_address", "confirm_address_hash",
        "confirm_network_hash", "mail_domain", "seconds", "agent", "event_code", "repeats",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def erase(*signatures: Signature) -> None:
    """Who signed is forgotten: what it came with goes, with the score that was made of it."""
    pks = [signature.pk for signature in signatures]
    SignatureEvidence.objects.filter(pk__in=pks).delete()
    SignatureScore.objects.filter(pk__in=pks).delete()


FORGET = """
    WITH old AS (
        SELECT signature_id FROM petitions_signatureevidence
        WHERE signature_id > %(after)s AND signed_at < %(before)s
          AND (address IS NOT NULL OR confirm_address IS NOT NULL)
        ORDER BY signature_id LIMIT %(slice)s FOR UPDATE SKIP LOCKED
    ), erased AS (
        UPDATE petitions_signatureevidence AS kept SET address = NULL, confirm_address = NULL
        FROM old WHERE kept.signature_id = old.signature_id RETURNING kept.signature_id
    )
    SELECT count(*), coalesce(max(signature_id), 0) FROM erased
"""


def forget_addresses(*, slice_of: int = SLICE) -> int:
    """Erase the network addresses whose thirty days are over; their hashes stay. How many signatures."""
    before, after, erased = timezone.now() - KEPT, 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FORGET, {"after": after, "before": before, "slice": slice_of})
            count, last = map(int, cursor.fetchone())
        erased += count
        if count < slice_of:
            break
        after = last
    Trend.objects.filter(hour__lt=before, network__isnull=False).update(network=None)
    return erased
