"""Private links: whom one belongs to, a new one that kills the old, and the same one sent again.

The contact and each colleague have a link of their own, so that one can be taken away without the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaigns.emails import local_letters
from campaigns.models import Colleague, Registration
from csan.lib import audit
from csan.lib.addresses import email_key, new_key


@dataclass(frozen=True)
class Visit:
    """Who opened a local's private page: the contact, or with `colleague` somebody they added."""

    registration: Registration
    colleague: Colleague | None = None

    @property
    def key(self) -> str:
        """Of the link that was followed. No page shows anybody else's."""
        return self.colleague.key if self.colleague else self.registration.key

    @property
    def name(self) -> str:
        return self.colleague.name if self.colleague else self.registration.contact_name

    @property
    def is_contact(self) -> bool:
        return self.colleague is None


def visit_by(key: str) -> Visit | None:
    """Whose link this is; None for one that never was or opens no more."""
    if found := Registration.objects.select_related("week", "local").filter(key=key).first():
        return Visit(found)
    colleagues = Colleague.objects.select_related("registration__week", "registration__local")
    if colleague := colleagues.filter(key=key, removed_at=None).first():
        return Visit(colleague.registration, colleague)
    return None


@transaction.atomic
def replace_link(*, visit: Visit) -> bool:
    """Whoever holds this link gets another by letter, and this one dies.

    False where it was replaced in the meantime: a button that is pressed twice makes one new link.
    """
    if visit.colleague:
        held = Colleague.objects.filter(pk=visit.colleague.pk, key=visit.key, removed_at=None)
        if not held.update(key=new_key(), link_number=F("link_number") + 1):
            return False
        local_letters.new_link(
            Colleague.objects.select_related("registration__week", "registration__local").get(pk=visit.colleague.pk)
        )
        return True
    return _replace(visit.registration)


@transaction.atomic
def replace_links(*, registrations: Iterable[Registration], by: User) -> int:
    """New links for the contacts, by letter; the old ones die. How many were replaced is given back."""
    replaced = [each for each in registrations if _replace(each)]
    audit.record(by=by, objects=replaced, did="Replaced the link")
    return len(replaced)


def _replace(registration: Registration) -> bool:
    held = Registration.objects.filter(pk=registration.pk, key=registration.key)
    if not held.update(key=new_key(), link_number=F("link_number") + 1):
        return False
    local_letters.new_link(Registration.objects.select_related("week", "local").get(pk=registration.pk))
    return True


@transaction.atomic
def send_links_again(*, registrations: Iterable[Registration], by: User) -> int:
    """The contacts get their links once more, for how many is given back."""
    rows = list(
        Registration.objects.filter(pk__in=[each.pk for each in registrations]).select_related("week", "local")
    )
    for row in rows:
        local_letters.link_again(row)
    audit.record(by=by, objects=rows, did="Sent the link again")
    return len(rows)


@transaction.atomic
def send_link(*, affiliate: str, number: str, email: str) -> None:
    """Send the link to who has lost it, if this mailbox has one for this local. It never tells whether it has.

    That of the newest week: an older registration is of no use to anybody.
    """
    wanted = email_key(email)
    rows = Registration.objects.filter(local__affiliate=affiliate, local__number=number)
    newest = rows.select_related("week", "local").order_by("-week__year", "-pk")
    for row in newest.prefetch_related("colleagues")[:10]:
        if row.email_key == wanted:
            return local_letters.link_again(row)
        for colleague in row.colleagues.all():
            if colleague.removed_at is None and email_key(colleague.email) == wanted:
                colleague.registration = row
                return local_letters.link_again(colleague)
    return None
