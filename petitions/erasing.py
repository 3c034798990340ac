"""Erasing a signer who asks for it: the person goes, an anonymous count by district stays.

What was counted, and perhaps delivered, was true and stays so: the row keeps its petition and text, state, district
and month. Of the mailbox the keyed hash stays, which keeps it from being counted a second time and from coming back by
a list. What was never confirmed leaves no trace.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit
from csan.lib.addresses import new_key
from members import erasing, outbox
from members.models import Person, Subscription, Suppression
from petitions import tallies
from petitions.fraud import evidence
from petitions.models import Signature

# What says who somebody is, and what stands there afterwards; `email` and `key` get a value of the row's own.
EMPTIED: dict[str, Any] = {
    "given_name": "", "family_name": "", "zip_code": "", "local": "", "known_local": None, "comment": "",
    "show_name": False, "shown_as": "", "wants_newsletter": False, "newsletter_wording": "", "source": "",
    "source_code": "", "story_shown_at": None, "story_place": "",
}  # fmt: skip
MOMENTS = ("created_at", "asked_at", "confirmed_at", "withdrawn_at")  # of which the month stays
KEPT = (
    "id", "petition", "version", "email_key", "state", "district", "district_how", "district_congress", "language",
    "suspicion", "status", "letters_sent", "reminders_sent",
)  # fmt: skip


@transaction.atomic
def erase_signature(*, signature: Signature, by: User | None = None) -> bool:
    """Erase who signed. False where there is nobody any more, such as at a second press."""
    held = Signature.objects.select_for_update().filter(pk=signature.pk).first()
    if held is None or held.is_erased:
        return False
    audit.record(by=by, objects=[held], did="Erased")
    audit.forget([held])
    if leaves_nothing(held):
        delete([held])
    else:
        empty([held])
        _erase_person_of(held.email_key)
    return True


def leaves_nothing(signature: Signature) -> bool:
    """Whether it was never confirmed, so that no number has to stay."""
    return signature.confirmed_at is None and signature.status != Signature.Status.INVALID


def delete(held: list[Signature]) -> None:
    """Signatures that leave nothing, whose rows are locked, with the letters about them."""
    if held:
        outbox.letters_about(*map(_subject, held)).delete()
        Signature.objects.filter(pk__in=[row.pk for row in held]).delete()


def empty(held: list[Signature]) -> None:
    """Make signatures nameless whose rows are locked; what they counted stays counted."""
    if not held:
        return
    outbox.forget_letters_about(*map(_subject, held))
    evidence.erase(*held)
    before = [tallies.parts_of(row) for row in held]
    for row in held:
        _empty(row)
    Signature.objects.bulk_update(held, [*EMPTIED, *MOMENTS, "email", "key"])
    corrected = zip(before, held, strict=True)
    tallies.note_all_moved((parts, row) for parts, row in corrected if row.status == Signature.Status.CONFIRMED)


def _subject(signature: Signature) -> str:
    return f"signature:{signature.pk}"


def _empty(row: Signature) -> None:
    for name, value in EMPTIED.items():
        setattr(row, name, value)
    for name in MOMENTS:
        setattr(row, name, _month_of(getattr(row, name)))
    row.email, row.key = f"erased-{row.pk}@{Signature.ERASED_DOMAIN}", new_key()


def _month_of(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _erase_person_of(email_key: str) -> None:
    """The person whom the confirmation made; a reader of the newsletter stays one and has a page of their own."""
    person = Person.objects.filter(email_key=email_key).first()
    reads = (Subscription.Status.ACTIVE, Subscription.Status.PENDING)
    if person is None:
        Suppression.objects.get_or_create(email_key=email_key, defaults={"reason": Suppression.Reason.ERASED})
    elif not Subscription.objects.filter(person=person, status__in=reads).exists():
        erasing.erase_person(pk=person.pk)
