"""Erasing a reader who asks for it: the person, the subscription, whom the letters went to.

What they did elsewhere (signatures, registrations, stories) has pages of its own, where it is taken back.
"""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import ForeignObjectRel

from csan.lib import audit
from csan.lib.addresses import email_key
from members import outbox, submitting
from members.models import Issue, Person, Subscription, Suppression

GONE = "erased.invalid"  # no such domain can exist (RFC 2606)


@transaction.atomic
def erase(*, key: str) -> bool:
    """Erase who owns the private page. False where there is nothing any more, such as at a second press."""
    owner = Subscription.objects.filter(key=key).values_list("person", flat=True).first()
    return owner is not None and erase_person(pk=owner)


@transaction.atomic
def erase_person(*, pk: int, by: User | None = None) -> bool:
    """Erase a person. Of the mailbox a hash stays, so that no list can bring it back; letters stay as numbers.

    A person whom rows of other apps need stays as an empty one, and nothing of theirs is lost. False where somebody
    was faster.
    """
    wait_for_issues_being_frozen()
    person = Person.objects.select_for_update().filter(pk=pk).first()
    if person is None:
        return False
    subscription = Subscription.objects.select_for_update().filter(person=person).first()
    if by is not None:  # whoever writes to staff asks for everything; what they wrote may be part of it
        submitting.forget_author(email=person.email)
    audit.record(by=by, objects=[person], did="Erased")
    audit.forget([person, *([subscription] if subscription else [])])
    # Before the letters, as where a bounce is heard, so that no two wait for each other.
    Suppression.objects.get_or_create(email_key=person.email_key, defaults={"reason": Suppression.Reason.ERASED})
    if subscription is not None:
        outbox.forget_letters_of(subscription.pk)
        subscription.delete()
    if is_needed(person, [each for each in relations() if each.on_delete is not models.SET_NULL]):
        empty(person)
    else:
        person.delete()
    return True


@transaction.atomic
def forget_unneeded(*, email_keys: Collection[str]) -> int:
    """Of these mailboxes, delete the people whom nothing needs: no subscription, of any state, and no row of any app.

    Nobody asked for it, so unlike erasing it keeps no list from bringing them back. How many.
    """
    unsubscribed = Person.objects.filter(email_key__in=email_keys, subscription=None)
    held = unsubscribed.select_for_update(of=("self",)).order_by("pk")
    gone = [person for person in held if not is_needed(person, relations())]
    audit.forget(gone)
    Person.objects.filter(pk__in=[person.pk for person in gone]).delete()
    return len(gone)


def toll_of(people: Collection[Person]) -> list[str]:
    """What erasing them would take, in words for staff who are about to."""
    subscribed = Subscription.objects.filter(person__in=people)
    letters = sum(outbox.letters_of_subscriber(pk).count() for pk in subscribed.values_list("pk", flat=True))
    stories = submitting.unpublished_of(person.email for person in people).count()
    counts = (
        (len(people), "person, with name and address", "people, with names and addresses"),
        (subscribed.count(), "subscription, with its private page", "subscriptions, with their private pages"),
        (letters, "letter loses its address and its words", "letters lose their addresses and their words"),
        (stories, "story that is not published", "stories that are not published"),
    )
    return [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count]


def wait_for_issues_being_frozen() -> None:
    """Whoever is in an issue whose letters are being written this moment is erased when they can be seen."""
    list(Issue.objects.select_for_update(no_key=True).filter(status=Issue.Status.SCHEDULED).order_by("pk"))


def empty(person: Person) -> None:
    """Make of a person a row that says nothing about anybody, for what has to point at one."""
    email = f"erased-{person.pk}@{GONE}"
    Person.objects.filter(pk=person.pk).update(
        email=email,
        email_key=email_key(email),
        given_name="",
        family_name="",
        zip_code="",
        local=None,
        local_as_written="",
        employer="",
        email_verified_at=None,
    )


def relations() -> list[ForeignObjectRel]:
    """Whatever may point at a person beside the subscription, of every app, also without a name for the way back."""
    fields = Person._meta.get_fields(include_hidden=True)
    return [each for each in fields if isinstance(each, ForeignObjectRel) and each.related_model is not Subscription]


def is_needed(person: Person, by: Iterable[ForeignObjectRel]) -> bool:
    """Whether a row points at the person."""
    return any(each.related_model._base_manager.filter(**{each.field.name: person}).exists() for each in by)
