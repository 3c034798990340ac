"""What the outbox knows of one reader's letters: told to them, and taken out when they ask to be erased.

A letter is about what its key begins with, such as `subscription:5`; an issue's letters belong to a subscription.
"""

import secrets
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import MailEvent, Message


def letters_about(*subjects: str) -> QuerySet[Message]:
    """The letters of these acts. The prefix of a unique key, which its index finds among millions."""
    return Message.objects.filter(reduce(or_, (Q(key__startswith=f"{subject}:") for subject in subjects), Q(pk=None)))


def letters_of_subscriber(subscription_id: int) -> QuerySet[Message]:
    """All letters to a subscriber: those about the subscription, and the newsletter itself."""
    return letters_about(f"subscription:{subscription_id}") | Message.objects.filter(subscription=subscription_id)


def told(letters: QuerySet[Message]) -> list[dict[str, Any]]:
    """What became of letters, oldest first, for their reader. Their words hold private links, so they stay out."""
    rows = letters.select_related("issue").prefetch_related("events").order_by("pk")
    return [
        {
            "letter": f"newsletter, No. {letter.issue.number}" if letter.issue else letter.template,
            "to": letter.to,
            "language": letter.language,
            "written_at": letter.created_at,
            "settled_at": letter.settled_at,
            "outcome": letter.get_status_display(),
            "reason": letter.reason,
            "delivery": letter.get_delivery_display(),
            "heard_from_the_mail_service": [
                {"what": event.kind, "of": event.service, "at": event.happened_at, "in_words": event.description}
                for event in letter.events.all()
            ],
        }
        for letter in rows
    ]


def forget_letters_of(subscription_id: int) -> None:
    """Take address and private links out of a subscriber's letters. Those that wait are never sent, the rows stay.

    To be called in the transaction that deletes the subscription, before it is gone. A letter that a sender holds
    goes out, since the sender knows its words; one that comes back to the queue is skipped when it is taken anew.
    """
    _forget(letters_of_subscriber(subscription_id))


def forget_letters_about(*subjects: str) -> None:
    """The same with the letters of these acts, whose rows stay as numbers; in the transaction that erases the act."""
    _forget(letters_about(*subjects))


def _forget(mine: QuerySet[Message]) -> None:
    # In the order of their numbers, as senders take them, so that no two wait for each other.
    pks = list(mine.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    letters = Message.objects.filter(pk__in=pks)
    letters.filter(status=Message.Status.QUEUED).update(
        status=Message.Status.SKIPPED, reason=Message.ERASED, settled_at=timezone.now()
    )
    # The same stand-in for all of them: that they went to one mailbox is still told, whose it is not.
    stand_in = secrets.token_hex(16)
    letters.update(to=Message.ERASED_TO, email_key=stand_in, context={})
    MailEvent.objects.filter(message__in=pks).update(description="", email_key=stand_in)
