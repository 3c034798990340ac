"""What the mail service tells later: kept as it came, then folded into the letter's row.

Events come twice, out of order, and before our own commit. So each is written once (`digest`), and the row's state is
worked out anew from all of a letter's events, which gives the same whatever their order.
"""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from csan.lib.addresses import email_key
from members.models import MailEvent, Message
from members.models.outbox import reference_seal
from members.outbox import mailboxes

BY_SMTP = "SMTP"  # where a mail server told us while we handed over
# Names of django-anymail's EventType and RejectReason.
PROOF_OF_ACCEPTANCE = {
    "queued",
    "sent",
    "delivered",
    "deferred",
    "bounced",
    "complained",
    "opened",
    "clicked",
    "unsubscribed",
}
PROOF_OF_REFUSAL = {"rejected", "failed"}
DELIVERIES = (  # the strongest first
    ({"complained"}, Message.Delivery.COMPLAINED),
    ({"bounced"}, Message.Delivery.BOUNCED),
    ({"delivered", "opened", "clicked"}, Message.Delivery.DELIVERED),
    ({"deferred"}, Message.Delivery.DEFERRED),
)


@transaction.atomic
def record_event(
    *,
    service: str,
    kind: str,
    recipient: str,
    reference: str = "",
    provider_id: str = "",
    event_id: str = "",
    reject_reason: str = "",
    is_permanent: bool = False,
    description: str = "",
    happened_at: datetime | None = None,
) -> MailEvent | None:
    """Keep an event and fold it. None where it was known already.

    `reference` is our own name for the letter, which the service gives back; without it `provider_id` finds the row.
    An event whose letter is not found is kept all the same, and heard when its sender settles the letter.
    `is_permanent` says of a bounce that the mailbox will never take mail.
    """
    message = find_letter(reference=reference, provider_id=provider_id)
    key = email_key(recipient) if recipient else message.email_key if message else ""
    name = event_id or f"{provider_id}:{reference}:{happened_at}"
    mailboxes.hold(key)
    event, is_new = MailEvent.objects.get_or_create(
        digest=sha256(f"{service}:{kind}:{name}:{key}".encode()).hexdigest(),
        defaults={
            "message": message,
            "provider_id": provider_id[:200],
            "service": service[:40],
            "kind": kind[:40],
            "email_key": key,
            "is_permanent": is_permanent,
            "reject_reason": reject_reason[:40],
            "description": description[:400],
            "happened_at": happened_at,
        },
    )
    if is_new:
        _heed(key, kind, message)
    return event if is_new else None


def _heed(key: str, kind: str, message: Message | None) -> None:
    mailboxes.heed(key, kind)
    if message is not None:
        fold(message.pk)


def give_up_mailboxes(pks: Collection[int]) -> None:
    """Those of letters that a mail server refused because of them.

    Before the letters' rows are touched, as where the service tells us and where somebody is erased, so that no two
    wait for each other.
    """
    if pks:
        letters = Message.objects.filter(pk__in=pks).exclude(to=Message.ERASED_TO)
        mailboxes.give_up(letters.values_list("email_key", flat=True))


def record_dead_mailbox(pk: int, reason: str) -> None:
    """A mail server said while it refused a letter that its mailbox will never take mail: as good as a bounce."""
    for letter in Message.objects.filter(pk=pk).exclude(to=Message.ERASED_TO):
        record_event(
            service=BY_SMTP,
            kind="bounced",
            recipient=letter.to,
            reference=letter.reference,
            event_id=letter.reference,
            is_permanent=True,
            description=reason,
            happened_at=timezone.now(),
        )


def hear_events(provider_ids: Mapping[int, str]) -> None:
    """Take in what the service told of letters before their sender had settled them. By letter: its name there."""
    for pk, provider_id in provider_ids.items():
        if provider_id:
            MailEvent.objects.filter(message=None, provider_id=provider_id).update(message=pk)
    heard = MailEvent.objects.filter(message__in=list(provider_ids)).values_list("message", flat=True)
    for pk in set(heard):
        if pk is not None:
            fold(pk)


def find_letter(*, reference: str, provider_id: str) -> Message | None:
    """The letter an event speaks of."""
    number, _, seal = reference.partition(".")
    if number.isdecimal() and hmac.compare_digest(seal, reference_seal(int(number))):
        return Message.objects.filter(pk=int(number)).first()
    return Message.objects.filter(provider_id=provider_id).first() if provider_id else None


def fold(pk: int) -> None:
    """Work out a letter's state from all its events."""
    message = Message.objects.select_for_update().get(pk=pk)
    if message.is_erased:
        # Mail servers quote the address.
        message.events.update(description="", email_key=message.email_key)
    events = list(message.events.values_list("kind", "reject_reason"))
    kinds = {kind for kind, _ in events}
    letter = Message.objects.filter(pk=pk)
    delivery = next((state for names, state in DELIVERIES if names & kinds), Message.Delivery.NONE)
    if delivery != message.delivery:
        letter.update(delivery=delivery)
    doubtful = (*Message.OPEN, Message.Status.UNCERTAIN)
    if kinds & PROOF_OF_ACCEPTANCE:
        letter.filter(status__in=(*doubtful, Message.Status.FAILED)).update(
            status=Message.Status.ACCEPTED, settled_at=timezone.now(), reason=""
        )
    elif kinds & PROOF_OF_REFUSAL:
        why = next((reason for kind, reason in events if kind in PROOF_OF_REFUSAL), "") or "no reason given"
        letter.filter(status__in=(*doubtful, Message.Status.ACCEPTED)).update(
            status=Message.Status.REFUSED, settled_at=timezone.now(), reason=f"the mail service refused it: {why}"
        )
