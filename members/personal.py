"""What readers do with what we keep about them: put it right, take it along. Erasing it is in `erasing.py`."""

from typing import Any

from django.db import transaction

from csan.lib import personal_data
from members import outbox
from members.directory import local_named
from members.models import Person, Submission, Subscription, Suppression
from members.subscriptions import Gone

KEPT_OF_PERSON = (
    "email", "given_name", "family_name", "zip_code", "local_as_written", "employer", "language", "email_verified_at",
    "created_at",
)  # fmt: skip
KEPT_OF_SUBSCRIPTION = (
    "status", "wording", "source", "asked_at", "confirmed_at", "unsubscribed_at", "leaving_reason", "leaving_words",
)  # fmt: skip
KEPT_OF_STORY = (
    "name", "local", "email", "title", "body", "language", "wording", "photo_wording", "source", "status",
    "note_to_author", "author_words", "created_at", "confirmed_at", "asked_at", "approved_at", "published_at",
    "withdrawn_at", "declined_at",
)  # fmt: skip


@transaction.atomic
def correct_details(*, person: Person, local: str, **details: str) -> Person:
    """A reader puts right what we know of them; only what they changed is written. Raises Gone.

    What they write as their local is matched to the directory anew only where it is new: staff may know better.
    """
    held = Person.objects.select_for_update().filter(pk=person.pk).first()
    if held is None:
        raise Gone
    if local != held.local_as_written:
        held.local = local_named(local)
        held.local_as_written = local
    changed = [name for name, value in details.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, details[name])
    held.save(update_fields=[*changed, "local", "local_as_written"])
    return held


def export(subscription: Subscription) -> dict[str, Any]:
    """Everything we keep of a reader, from every app, as JSON can write it. Times are with their zone."""
    person = subscription.person
    stop = Suppression.objects.filter(email_key=person.email_key).first()
    return {
        "person": {
            **{name: getattr(person, name) for name in KEPT_OF_PERSON},
            "local": str(person.local) if person.local else None,
        },
        "newsletter": {name: getattr(subscription, name) for name in KEPT_OF_SUBSCRIPTION},
        "no_letters_because": stop.get_reason_display() if stop else None,
        "letters": outbox.told(outbox.letters_of_subscriber(subscription.pk)),
        "stories": [
            {**{name: getattr(story, name) for name in KEPT_OF_STORY}, "photo": bool(story.picture_id)}
            for story in Submission.objects.filter(email_key=person.email_key).order_by("pk")
        ],
        **personal_data.kept_under(person.email_key),
    }
