"""What mail services tell us, by django-anymail's one tracking signal."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from django.dispatch import receiver

from csan.lib.addresses import email_key
from csan.lib.mail.bounces import is_for_good
from members import outbox, subscriptions
from members.models import Subscription


@receiver(tracking, dispatch_uid="members.mail_events")
def mail_event(sender: Any, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Keep an event and fold it into its letter; a service's own unsubscribe link counts as ours."""
    is_new = outbox.record_event(
        service=esp_name,
        kind=event.event_type,
        recipient=event.recipient or "",
        reference=str((event.metadata or {}).get("letter", "")),
        provider_id=event.message_id or "",
        event_id=event.event_id or "",
        reject_reason=event.reject_reason or "",
        is_permanent=is_for_good(esp_name, event.esp_event, reject_reason=event.reject_reason or ""),
        description=event.description or "",
        happened_at=event.timestamp,
    )
    if is_new and event.event_type == "unsubscribed" and event.recipient:
        for subscription in Subscription.objects.filter(person__email_key=email_key(event.recipient)):
            subscriptions.unsubscribe(key=subscription.key)
