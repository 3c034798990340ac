"""Who never answers the confirm letter: reminded once, then forgotten, with the letters that went to them.

Everything here goes in batches of rows that nobody else holds, so it may run twice, at the same time, and while
people subscribe and confirm: who holds a row first wins, and the other finds it as it then is.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet
from django.utils import timezone

from members import emails, subscriptions
from members.models import Message, Person, Subscription

REMIND_AFTER = timedelta(days=3)
KEPT_UNCONFIRMED = timedelta(days=30)
BATCH = 200


def remind_pending() -> int:
    """Write once more to those who asked three days ago and have not confirmed, with a fresh link. How many."""
    reminded = 0
    while batch := _remind_batch():
        reminded += batch
    return reminded


@transaction.atomic
def _remind_batch() -> int:
    """A link must not outlive what it confirms, so nobody is reminded who would be forgotten within its age."""
    now = timezone.now()
    due = Subscription.objects.waiting().filter(
        reminded_at=None,
        asked_at__lte=now - REMIND_AFTER,
        asked_at__gt=now - KEPT_UNCONFIRMED + subscriptions.LINK_AGE,
    )
    held = list(_held(due.order_by("asked_at")))
    Subscription.objects.filter(pk__in=[row.pk for row in held]).update(reminded_at=now)
    for subscription in held:
        emails.remind_subscription(subscription, subscriptions.confirm_token(subscription))
    return len(held)


def delete_unconfirmed() -> int:
    """Forget those who asked thirty days ago and never confirmed. How many.

    The person goes too, unless they have proved the address by another act or something else hangs on them.
    """
    deleted = 0
    while batch := _delete_batch():
        deleted += batch
    return deleted


@transaction.atomic
def _delete_batch() -> int:
    """Subscription, person and letters together, or none of them. Whoever has a letter under way waits for it."""
    under_way = Message.objects.filter(
        Q(status=Message.Status.QUEUED, lane=Message.Lane.TRANSACTIONAL) | Q(status=Message.Status.CLAIMED),
        email_key=OuterRef("person__email_key"),
    )
    old = Subscription.objects.waiting().filter(
        ~Exists(under_way), confirmed_at=None, asked_at__lte=timezone.now() - KEPT_UNCONFIRMED
    )
    held = list(_held(old.order_by("asked_at")))
    if not held:
        return 0
    emails.letters_about(held).delete()
    Subscription.objects.filter(pk__in=[row.pk for row in held]).delete()
    _people_nothing_hangs_on().filter(pk__in=[row.person_id for row in held], email_verified_at=None).delete()
    return len(held)


def _held(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """A batch of the rows, held together with their people; those that somebody else holds are passed over."""
    return rows.select_related("person").select_for_update(of=("self", "person"), skip_locked=True)[:BATCH]


def _people_nothing_hangs_on() -> QuerySet[Person]:
    """Those whom no other row of any app speaks of; asked of the models, so that a new one is not forgotten."""
    people = Person.objects.all()
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:  # those come by their own table
            rows = relation.related_model._base_manager
            at = OuterRef(relation.field.target_field.attname)
            people = people.filter(~Exists(rows.filter(**{relation.field.name: at})))
    return people
