"""Somebody else registered the same local: its contact says whether they are a colleague, the new contact, nobody."""

from django.db import transaction
from django.utils import timezone

from campaigns.models import OtherContact, Registration
from campaigns.private_page import colleagues, relinking
from campaigns.private_page.relinking import Visit
from csan.lib.addresses import email_key

Answer = OtherContact.Answer


class AlreadyAnswered(Exception):
    """It was said before what they are."""


def waiting(registration: Registration) -> list[OtherContact]:
    """Those of whom the contact has not said yet who they are."""
    return list(registration.other_contacts.filter(answer="").order_by("pk"))


@transaction.atomic
def answer(*, registration: Registration, pk: int, told: str) -> OtherContact:
    """The contact's word. Raises AlreadyAnswered; for a colleague what `colleagues.add_colleague` raises.

    A new contact gets a link of their own, and the old contact's link dies. The registration is held first, as by
    everybody who writes to people about it.
    """
    held = Registration.objects.select_for_update(of=("self",)).select_related("week", "local").get(pk=registration.pk)
    row = OtherContact.objects.filter(registration=held, pk=pk, answer="").first()
    if row is None or not OtherContact.objects.filter(pk=row.pk, answer="").update(
        answer=told, answered_at=timezone.now()
    ):
        raise AlreadyAnswered
    if told == Answer.COLLEAGUE:
        colleagues.add_colleague(registration=held, name=row.name, role=row.role, email=row.email)
    elif told == Answer.CONTACT:
        _hand_over(held, row)
    row.refresh_from_db()
    return row


def _hand_over(held: Registration, other: OtherContact) -> None:
    if not held.is_living:
        raise colleagues.NoLongerLiving
    # Whoever had a link as a colleague has the contact's from now on, and one of the two is enough.
    held.colleagues.filter(email=other.email, removed_at=None).update(removed_at=timezone.now())
    held.contact_name, held.contact_role, held.phone = other.name, other.role, other.phone
    held.email, held.email_key, held.changed_at = other.email, email_key(other.email), timezone.now()
    held.save(update_fields=["contact_name", "contact_role", "phone", "email", "email_key", "changed_at"])
    relinking.replace_link(visit=Visit(held))
