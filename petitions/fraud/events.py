"""Meetings at which many sign from one network address: their links carry a signed token, good until they end."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from csan.lib import audit, signing
from csan.lib.urls import absolute
from members.models import Local, SourceCode
from petitions.models import SigningEvent

PURPOSE = "signing-event"
LONGEST = timedelta(days=31)
ENDED_KEY = "petitions:ended-events"
KEPT = 10  # seconds that an early end may take to be known to every web process


class EndsTooLate(Exception):
    """An event has an end within a month, in the future."""


@transaction.atomic
def create_event(*, local: Local, label: str, path: str, ends_at: datetime, by: User | None) -> SigningEvent:
    """An event of a local, with a source code that credits it. Raises EndsTooLate."""
    if not timezone.now() < ends_at <= timezone.now() + LONGEST:
        raise EndsTooLate
    code = SourceCode.objects.create(
        code=f"event-{secrets.token_hex(4)}", kind=SourceCode.Kind.EVENT, label=label, local=local, path=path
    )
    event = SigningEvent.objects.create(source_code=code, ends_at=ends_at, by=by)
    audit.record(by=by, objects=[event], did="Made the signing event", local=local, until=ends_at.isoformat())
    return event


@transaction.atomic
def end_event(*, event: SigningEvent, by: User | None) -> bool:
    """End it now; its tokens are worth nothing any more. False where it is over anyway."""
    ended = SigningEvent.objects.filter(pk=event.pk, ended_at=None, ends_at__gt=timezone.now())
    if not ended.update(ended_at=timezone.now()):
        return False
    cache.delete(ENDED_KEY)
    audit.record(by=by, objects=[event], did="Ended the signing event")
    return True


def token_for(source_code: SourceCode, ends_at: datetime) -> str:
    """What the event's link carries."""
    return signing.sign(PURPOSE, f"{source_code.code}.{int(ends_at.timestamp())}")


def link_of(event: SigningEvent) -> str:
    """The address behind the event's QR code."""
    token = token_for(event.source_code, event.ends_at)
    return f"{absolute(f'/go/{event.source_code.code}/')}?{urlencode({'event': token})}"


def code_of(token: str) -> str:
    """The code of an event that is on now; empty for a token that is over, ended, or none of ours."""
    if not token:
        return ""
    try:
        code, _, ends = signing.read(PURPOSE, token, max_age=2 * LONGEST).rpartition(".")
    except signing.BadToken:
        return ""
    if not ends.isdecimal() or timezone.now().timestamp() >= int(ends) or code in _ended():
        return ""
    return code


def _ended() -> set[str]:
    """The codes of events that staff ended before their time, kept for some seconds in this process."""
    found: set[str] | None = cache.get(ENDED_KEY)
    if found is None:
        early = SigningEvent.objects.filter(ended_at__isnull=False, ends_at__gt=timezone.now())
        found = set(early.values_list("source_code__code", flat=True))
        cache.set(ENDED_KEY, found, KEPT)
    return found
