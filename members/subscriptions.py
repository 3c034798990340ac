"""Subscribing, confirming, leaving, erasing.

A form never tells whether an address was known: every `subscribe` answers with a letter to that address, and the
letter says what there is to say.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit, signing
from csan.lib.addresses import email_key
from csan.lib.rows import insert_unless_known
from members import emails
from members.models import Person, Subscription, Suppression

PURPOSE = "confirm-subscription"
LINK_AGE = timedelta(days=7)
MOST_TIMES = 20  # that somebody may come and go between two statements
TYPED = ("given_name", "family_name", "language", "zip_code", "local_as_written", "employer")
# What a new request does to a row that is there: an earlier goodbye and its reason are over.
ASKED_ANEW = {
    "status": Subscription.Status.PENDING,
    "unsubscribed_at": None,
    "leaving_reason": "",
    "leaving_words": "",
    "reminded_at": None,
}


class LinkExpired(Exception):
    """The confirm link is too old, was not made by us, or belongs to a request that was withdrawn since."""


class MailboxStopped(Exception):
    """No letter may go to this mailbox: it bounced, marked our mail as spam, or was stopped by staff."""


class Gone(Exception):
    """There is no such private page, or no more."""


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
    # Held, so that nobody is forgotten (see retention.py) or erased while they ask.
    person, _ = held_person(email=email, language=language)
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
        asked = {**ASKED_ANEW, "wording": wording, "source": source, "asked_at": now}
        for name, value in asked.items():
            setattr(subscription, name, value)
        subscription.save(update_fields=list(asked))
    emails.confirm_subscription(subscription, confirm_token(subscription))
    return subscription


def held_person(*, email: str, **details: Any) -> tuple[Person, bool]:
    """Whose mailbox it is, kept from being erased until this transaction ends; made with these `details`, where there
    is nobody yet. Whether they are new.

    Where somebody else makes the person and erasing takes them away, between one statement here and the next, it
    begins anew.
    """
    for _ in range(MOST_TIMES):
        fresh = Person(email=email, email_key=email_key(email), **details)
        if insert_unless_known(fresh):  # tried first: in a crowd most are new
            return fresh, True
        held = Person.objects.select_for_update().filter(email_key=fresh.email_key).first()
        if held is not None:
            return held, False
    raise RuntimeError("a person is neither there nor can be made")


def hold(person_id: int) -> None:
    """Keep others from erasing a person until this transaction ends.

    Before their subscription is touched, as everywhere, so that no two wait for each other.
    """
    list(Person.objects.select_for_update().filter(pk=person_id))


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
    hold(subscription_of(token).person_id)
    subscription = subscription_of(token)  # as it is now that nobody erases its person
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
        _welcome(subscription, now)


def _welcome(subscription: Subscription, now: datetime) -> None:
    """The mailbox is proved to be theirs, and it wants our letters again."""
    if subscription.person.email_verified_at is None:
        Person.objects.filter(pk=subscription.person_id, email_verified_at=None).update(email_verified_at=now)
    Suppression.objects.filter(email_key=subscription.person.email_key, reason=Suppression.Reason.ERASED).delete()
    emails.welcome(subscription)


@transaction.atomic(savepoint=False)  # the other act's transaction is ours, too
def subscribe_verified(*, person: Person, wording: str, source: str) -> Subscription:
    """A yes from somebody whose address another act has just proved, such as a confirmed signature."""
    now = timezone.now()
    hold(person.pk)
    asked = {"wording": wording, "source": source, "asked_at": now}
    fresh = Subscription(person=person, status=Subscription.Status.ACTIVE, confirmed_at=now, **asked)
    if insert_unless_known(fresh):  # most who sign were no subscribers, and they come in crowds
        _welcome(fresh, now)
        return fresh
    subscription, _ = Subscription.objects.select_for_update().get_or_create(person=person, defaults=asked)
    # What stands on a row that is not active may be anybody's form; this yes is the person's own.
    Subscription.objects.filter(pk=subscription.pk).exclude(status=Subscription.Status.ACTIVE).update(
        **ASKED_ANEW, **asked
    )
    subscription.refresh_from_db()
    activate(subscription)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def unsubscribe(*, key: str, reason: str = "", words: str = "") -> bool:
    """Leave the newsletter, at once and also for letters that already wait. False where the key is unknown.

    Who has left already may still say why; silence never takes back what was said.
    """
    subscription = Subscription.objects.filter(key=key)
    said = {"leaving_reason": reason, "leaving_words": words}
    has_left = subscription.exclude(status=Subscription.Status.UNSUBSCRIBED).update(
        status=Subscription.Status.UNSUBSCRIBED, unsubscribed_at=timezone.now(), **said
    )
    # Written once, not twice: a second time PostgreSQL would look up the person, whom somebody may hold who waits
    # for this row.
    if not has_left and (reason or words):
        subscription.filter(status=Subscription.Status.UNSUBSCRIBED).update(**said)
    return subscription.exists()


@transaction.atomic
def come_back(*, key: str, wording: str, source: str) -> Subscription:
    """Who left subscribes again from their private page, whose link proves the mailbox: no confirm letter is needed.

    Raises Gone where there is no such page any more, MailboxStopped where no letter may go to the mailbox.
    """
    held = Person.objects.select_for_update().filter(subscription__key=key).first()
    if held is None:
        raise Gone
    if stop_of(held):
        raise MailboxStopped
    return subscribe_verified(person=held, wording=wording, source=source)


def stop_of(person: Person) -> str:
    """Why no letter at all may go to a person's mailbox, a Suppression.Reason; empty where letters may."""
    stops = Suppression.objects.filter(email_key=person.email_key, reason__in=Suppression.STOPS_EVERYTHING)
    return stops.values_list("reason", flat=True).first() or ""


@transaction.atomic
def lift_suppressions(*, suppressions: QuerySet[Suppression], by: User) -> int:
    """Staff allow mailboxes to be written to again, such as one that was only full. How many."""
    rows = list(suppressions)
    audit.record(by=by, objects=rows, did="Lifted")
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
