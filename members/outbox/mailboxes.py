"""Mailboxes that give our mail back: hard ones are given up at once, soft ones when it happens again and again.

The score is Mailman's: a soft bounce is worth half a point, at most once a day; a delivery sets it back to nothing; at
three points nobody writes there any more. It is worked out anew from everything that was heard of the mailbox, in the
order in which it happened, so events may come twice and in any order.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import MailEvent, Suppression

SOFT = 0.5
TOO_MUCH = 3.0
DELIVERED = ("delivered", "opened", "clicked")
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('members.mailbox'), hashtext(%s))"


def hold(key: str) -> None:
    """Until the transaction's end nobody else judges this mailbox: two bounces told at once both count.

    Without a key nobody is named, and there is nothing to hold.
    """
    if not key:
        return
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [key])


def give_up(keys: Iterable[str]) -> None:
    """Several mailboxes of which a mail server says that they are dead, in one order for everybody."""
    for key in sorted(set(keys)):
        hold(key)
        suppress(key, Suppression.Reason.BOUNCED)


def heed(key: str, kind: str) -> None:
    """Draw the consequence of an event that was just kept: suppress the mailbox, or lift what a score had brought."""
    if not key:
        return
    if kind == "complained":
        suppress(key, Suppression.Reason.COMPLAINED)
    elif kind in ("bounced", *DELIVERED):
        verdict = judge(key)
        if verdict:
            suppress(key, verdict)
        if verdict != Suppression.Reason.BOUNCING:
            Suppression.objects.filter(email_key=key, reason=Suppression.Reason.BOUNCING).delete()


def judge(key: str) -> Suppression.Reason | None:
    """Whether the mailbox is dead, or has bounced too often since it last took a letter."""
    bounces = MailEvent.objects.filter(email_key=key, kind="bounced")
    if bounces.filter(is_permanent=True).exists():
        return Suppression.Reason.BOUNCED
    if not bounces.exists():  # nearly every mailbox
        return None
    return Suppression.Reason.BOUNCING if score(key) >= TOO_MUCH else None


def score(key: str) -> float:
    """Half a point for each day with a soft bounce since the last delivery."""
    heard = MailEvent.objects.filter(email_key=key, kind__in=("bounced", *DELIVERED))
    in_order = heard.annotate(moment=Coalesce("happened_at", "received_at")).order_by("moment", "pk")
    days = set()
    for kind, moment in in_order.values_list("kind", "moment"):
        if kind == "bounced":
            days.add(timezone.localdate(moment))
        else:
            days.clear()
    return SOFT * len(days)


def suppress(key: str, reason: Suppression.Reason) -> None:
    """Never write to this mailbox again. A complaint outweighs everything, a dead mailbox one that only bounces."""
    row, is_new = Suppression.objects.get_or_create(email_key=key, defaults={"reason": reason})
    weaker = [Suppression.Reason.ERASED]
    if reason == Suppression.Reason.BOUNCED:
        weaker.append(Suppression.Reason.BOUNCING)
    if not is_new and (reason == Suppression.Reason.COMPLAINED or row.reason in weaker):
        Suppression.objects.filter(pk=row.pk).update(reason=reason)
