"""Taking an import back: who was added by it and has done nothing since goes; whoever acted themselves stays."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from members import emails
from members.models import ImportedAddress, ImportPart, Message, Person, SubscriberImport, Subscription


def take_back(job: SubscriberImport, part: ImportPart) -> int:
    """Take back the people of one part. How many subscriptions are gone.

    One who confirmed, or left, by their own hand stays, and so does what a known person's blanks were filled with.
    """
    lines = [line for line, *_ in part.lines]
    here = ImportedAddress.objects.filter(of=job, line__range=(lines[0], lines[-1]))
    untouched = Q(status=Subscription.Status.PENDING)
    if job.mode == SubscriberImport.Mode.AGREED:
        untouched |= Q(status=Subscription.Status.ACTIVE)
    keys = list(here.values_list("email_key", flat=True))
    rows = list(
        Subscription.objects.select_for_update()
        .filter(untouched, person__email_key__in=keys, source=job.source)
        .order_by("pk")
    )
    Message.objects.filter(
        key__in=[emails.import_key(row, job.pk) for row in rows], status=Message.Status.QUEUED
    ).update(status=Message.Status.SKIPPED, reason="the import was taken back", settled_at=timezone.now())
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
    new = list(here.filter(is_new=True).values_list("email_key", flat=True))
    _without_traces(Person.objects.filter(email_key__in=new, email_verified_at=None)).delete()
    return len(rows)


def _without_traces(people: QuerySet[Person]) -> QuerySet[Person]:
    """Those whom no row of any app speaks of."""
    for relation in Person._meta.related_objects:
        related = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        people = people.filter(~Exists(related))
    return people
