"""Subscribing, confirming, leaving, erasing.

A form never tells whether an address was known: every `subscribe` answers with a letter to that address, and the
letter says what there is to say.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit, signing
from csan.lib.addresses import email_key
from members import emails
from members.models import Person, Subscription, Suppression

PURPOSE = "confirm-subscription"
LINK_AGE = timedelta(days=7)
TYPED = ("given_name", "family_name", "language", "zip_code", "local_as_written", "employer")


class LinkExpired(Exception):
    """The confirm link is too old, was not made by us, or belongs to a request that was withdrawn since."""


@transaction.atomic
def subscribe(
    *,
    email: str,
    wording: str,
    source: str,
    language: str = "en",
    given_name: str = "",
    family_name: str = "",
    zip_code: str = "",
    local: str = "",
    employer: str = "",
) -> Subscription:
    """Ask for the newsletter: a letter with a confirm link, or for a subscriber one with their private page.

    What is known of a person whose address is verified is never overwritten by a form anybody can post.
    """
    # Held, so that nobody is forgotten (see retention.py) while they ask.
    person, _ = Person.objects.select_for_update().get_or_create(
        email_key=email_key(email), defaults={"email": email, "language": language}
    )
    if person.email_verified_at is None:
        person.given_name, person.family_name, person.language = given_name, family_name, language
        person.zip_code, person.local_as_written, person.employer = zip_code, local, employer
        person.save(update_fields=TYPED)
    now = timezone.now()
    subscription, _ = Subscription.objects.select_for_update().get_or_create(
        person=person, defaults={"wording": wording, "source": source, "asked_at": now}
    )
    if subscription.status == Subscription.Status.ACTIVE:
        emails.already_subscribed(subscription)
        return subscription
    if subscription.status == Subscription.Status.UNSUBSCRIBED or _is_stale(subscription.asked_at, now):
        subscription.status, subscription.unsubscribed_at = Subscription.Status.PENDING, None
        subscription.wording, subscription.source, subscription.asked_at = wording, source, now
        subscription.reminded_at = None
        subscription.save(update_fields=["status", "unsubscribed_at", "wording", "source", "asked_at", "reminded_at"])
    emails.confirm_subscription(subscription, confirm_token(subscription))
    return subscription


def _is_stale(asked_at: datetime, now: datetime) -> bool:
    return now - asked_at > LINK_AGE / 2


def confirm_token(subscription: Subscription) -> str:
    """What the confirm link carries: good for LINK_AGE and for this request only."""
    return signing.sign(PURPOSE, f"{subscription.pk}.{_moment(subscription.asked_at)}")


def subscription_of(token: str) -> Subscription:
    """The subscription a confirm link speaks of. Raises LinkExpired."""
    try:
        pk, _, moment = signing.read(PURPOSE, token, max_age=LINK_AGE).partition(".")
    except signing.BadToken as error:
        raise LinkExpired from error
    subscription = Subscription.objects.select_related("person").filter(pk=pk).first()
    if subscription is None or str(_moment(subscription.asked_at)) != moment:
        raise LinkExpired
    if subscription.status == Subscription.Status.UNSUBSCRIBED:
        raise LinkExpired
    return subscription


def _moment(asked_at: datetime) -> int:
    return int(asked_at.timestamp() * 1000)


@transaction.atomic
def confirm(*, token: str) -> Subscription:
    """The link's button was pressed. Pressing it twice does nothing twice. Raises LinkExpired."""
    subscription = subscription_of(token)
    # The person first, as in `subscribe`. Whoever was being forgotten meanwhile (see retention.py) is gone by then.
    list(Person.objects.select_for_update().filter(pk=subscription.person_id))
    if not Subscription.objects.filter(pk=subscription.pk).exists():
        raise LinkExpired
    activate(subscription)
    subscription.refresh_from_db()
    return subscription


def activate(subscription: Subscription) -> None:
    """Make a pending subscription active and its address verified; the welcome letter goes once."""
    now = timezone.now()
    became_active = Subscription.objects.filter(pk=subscription.pk, status=Subscription.Status.PENDING).update(
        status=Subscription.Status.ACTIVE, confirmed_at=now
    )
    if became_active:
        Person.objects.filter(pk=subscription.person_id, email_verified_at=None).update(email_verified_at=now)
        Suppression.objects.filter(email_key=subscription.person.email_key, reason=Suppression.Reason.ERASED).delete()
        emails.welcome(subscription)


@transaction.atomic
def subscribe_verified(*, person: Person, wording: str, source: str) -> Subscription:
    """A yes from somebody whose address another act has just proved, such as a confirmed signature."""
    now = timezone.now()
    subscription, _ = Subscription.objects.select_for_update().get_or_create(
        person=person, defaults={"wording": wording, "source": source, "asked_at": now}
    )
    # What stands on a row that is not active may be anybody's form; this yes is the person's own.
    Subscription.objects.filter(pk=subscription.pk).exclude(status=Subscription.Status.ACTIVE).update(
        status=Subscription.Status.PENDING, unsubscribed_at=None, wording=wording, source=source, asked_at=now
    )
    subscription.refresh_from_db()
    activate(subscription)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def unsubscribe(*, key: str) -> bool:
    """Leave the newsletter, at once and also for letters that already wait. False where the key is unknown."""
    subscription = Subscription.objects.filter(key=key)
    subscription.exclude(status=Subscription.Status.UNSUBSCRIBED).update(
        status=Subscription.Status.UNSUBSCRIBED, unsubscribed_at=timezone.now()
    )
    return subscription.exists()


@transaction.atomic
def lift_suppressions(*, suppressions: QuerySet[Suppression], by: User) -> int:
    """Staff allow mailboxes to be written to again, such as one that was only full. How many."""
    rows = list(suppressions)
    audit.record(by=by, objects=rows, did="Lifted")
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def set_language(*, subscription: Subscription, language: str) -> None:
    """In which language the newsletter and our letters come from now on."""
    Person.objects.filter(pk=subscription.person_id).update(language=language)
