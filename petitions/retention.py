"""Who signs and never answers the confirm letter: reminded twice, then forgotten, with the letters that went to them.

Like its sister of the newsletter this goes in batches of rows that nobody else holds, so it may run twice, at the same
time, and while people sign and confirm: who holds a row first wins, and the other finds it as it then is.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from members import outbox
from members.models import Message, Suppression
from petitions import confirm_codes, emails, signing
from petitions.models import Signature

REMIND_AFTER = (timedelta(days=2), timedelta(days=5))
KEPT_UNCONFIRMED = timedelta(days=30)
BATCH = 200


def remind_pending() -> int:
    """Write once more to those who signed two days ago and have not confirmed, and again after five. How many."""
    reminded = 0
    while batch := _remind_batch():
        reminded += batch
    return reminded


@transaction.atomic
def _remind_batch() -> int:
    """Each gets one letter at most, with a fresh link; where the first reminder is five days late, it is the last."""
    now = timezone.now()
    held = list(_held(_to_be_reminded().order_by("asked_at")))
    for signature in held:
        signature.reminders_sent = 1 + (signature.asked_at <= now - REMIND_AFTER[1])
        signature.letters_sent += 1
        emails.remind_signature(signature, signing.confirm_token(signature), confirm_codes.code_of(signature))
    Signature.objects.bulk_update(held, ["reminders_sent", "letters_sent"])
    return len(held)


def _to_be_reminded() -> QuerySet[Signature]:
    """Pending, with a letter left, to a mailbox that takes our mail, under a petition that can still be signed.

    A link must not outlive what it confirms, so nobody is reminded who would be forgotten within its age.
    """
    now = timezone.now()
    first, second = (Q(reminders_sent=n, asked_at__lte=now - after) for n, after in enumerate(REMIND_AFTER))
    still_open = Q(petition__closes_at=None) | Q(petition__closes_at__gt=now - signing.GRACE)
    stopped = Suppression.objects.filter(email_key=OuterRef("email_key"), reason__in=Suppression.STOPS_EVERYTHING)
    came_back = Message.objects.filter(
        email_key=OuterRef("email_key"), lane=Message.Lane.TRANSACTIONAL,
        delivery__in=(Message.Delivery.BOUNCED, Message.Delivery.COMPLAINED),
    )  # fmt: skip
    return Signature.objects.filter(
        first | second, still_open, ~Exists(stopped), ~Exists(came_back),
        status=Signature.Status.PENDING, letters_sent__lt=signing.MOST_WHILE_PENDING,
        asked_at__gt=now - KEPT_UNCONFIRMED + signing.LINK_AGE,
    )  # fmt: skip


def delete_unconfirmed() -> int:
    """Forget those who signed thirty days ago and never confirmed. How many."""
    deleted = 0
    while batch := _delete_batch():
        deleted += batch
    return deleted


@transaction.atomic
def _delete_batch() -> int:
    """Signature and letters together, or none of them. Whoever has a letter under way waits for it."""
    under_way = Message.objects.filter(
        Q(status=Message.Status.QUEUED, lane=Message.Lane.TRANSACTIONAL) | Q(status=Message.Status.CLAIMED),
        email_key=OuterRef("email_key"),
    )
    old = Signature.objects.filter(
        ~Exists(under_way), status=Signature.Status.PENDING, asked_at__lte=timezone.now() - KEPT_UNCONFIRMED
    )
    held = list(_held(old.order_by("asked_at")))
    if held:
        outbox.letters_about(*(f"signature:{row.pk}" for row in held)).delete()
        Signature.objects.filter(pk__in=[row.pk for row in held]).delete()
    return len(held)


def _held(rows: QuerySet[Signature]) -> QuerySet[Signature]:
    """A batch of the rows, held; those that somebody else holds are passed over."""
    held = rows.select_related("petition", "version").select_for_update(of=("self",), skip_locked=True)
    return held[:BATCH]
