"""The letters of the members app: who gets which, and with what."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Message, Subscription


def confirm_subscription(subscription: Subscription, token: str) -> None:
    """The confirm link, to the address that was typed."""
    occasion = f"confirm:{subscription.asked_at.timestamp():.3f}:{outbox.quiet_slot()}"
    _with_confirm_link(subscription, "confirm_subscription", occasion, token)


def remind_subscription(subscription: Subscription, token: str) -> None:
    """The confirm link anew, once for each time that somebody asked."""
    occasion = f"remind:{subscription.asked_at.timestamp():.3f}"
    _with_confirm_link(subscription, "remind_subscription", occasion, token)


def _with_confirm_link(subscription: Subscription, name: str, occasion: str, token: str) -> None:
    person = subscription.person
    outbox.enqueue(
        key=f"subscription:{subscription.pk}:{occasion}",
        template=f"members/{name}",
        to=person.email,
        language=person.language,
        context={
            "name": person.given_name,
            "confirm_url": absolute_reverse("members:confirm", token, language=person.language),
        },
    )


def confirm_import(
    subscription: Subscription, token: str, *, import_pk: int, consent_source: str, available_at: datetime
) -> None:
    """To somebody on a list that staff took in: whether they want the newsletter, by the same button."""
    person = subscription.person
    outbox.enqueue(
        key=import_key(subscription, import_pk),
        template="members/confirm_import",
        to=person.email,
        language=person.language,
        available_at=available_at,
        context={
            "name": person.given_name,
            "source": consent_source,
            "confirm_url": absolute_reverse("members:confirm", token, language=person.language),
        },
    )


def import_key(subscription: Subscription, import_pk: int) -> str:
    """What the letter is known by that an import wrote, so that taking the import back can stop it."""
    return f"subscription:{subscription.pk}:import:{import_pk}"


def already_subscribed(subscription: Subscription) -> None:
    """To a subscriber who asked again: nothing to do, and here is your page."""
    _with_private_links(subscription, "already_subscribed", f"again:{outbox.quiet_slot()}")


def welcome(subscription: Subscription) -> None:
    """Once, when the subscription has become active."""
    moment = subscription.asked_at.timestamp()
    _with_private_links(subscription, "welcome", f"welcome:{moment:.0f}")


def _with_private_links(subscription: Subscription, name: str, occasion: str) -> None:
    person = subscription.person
    outbox.enqueue(
        key=f"subscription:{subscription.pk}:{occasion}",
        template=f"members/{name}",
        to=person.email,
        language=person.language,
        context={
            "name": person.given_name,
            "preferences_url": absolute_reverse("members:preferences", subscription.key, language=person.language),
            "unsubscribe_url": absolute_reverse("members:unsubscribe", subscription.key, language=person.language),
            "archive_url": absolute_reverse("members:archive", language=person.language),
        },
    )


def letters_about(subscriptions: Iterable[Subscription]) -> QuerySet[Message]:
    """The letters that were written because of these subscriptions; issues of the newsletter are not among them."""
    about = Q(pk=None)
    for subscription in subscriptions:
        about |= Q(key__startswith=f"subscription:{subscription.pk}:")
    return Message.objects.filter(about, lane=Message.Lane.TRANSACTIONAL)
