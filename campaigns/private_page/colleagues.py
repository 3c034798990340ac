"""Colleagues of a local's contact: added with a link of their own by letter, removed with it."""

from django.db import transaction
from django.utils import timezone

from campaigns.emails import local_letters
from campaigns.models import Colleague, Registration
from csan.lib.addresses import email_key

MOST = 5  # at a time
MOST_EVER = 15  # letters to addresses that somebody typed; more would let a link's thief write to strangers


class TooMany(Exception):
    """The local has as many colleagues as it may, or has added as many as it ever may."""


class IsContact(Exception):
    """This is the contact's own address."""


class NoLongerLiving(Exception):
    """The registration was declined or withdrawn."""


@transaction.atomic
def add_colleague(*, registration: Registration, name: str, role: str = "", email: str) -> Colleague:
    """Let somebody else of the local see and change the registration. Raises IsContact, TooMany, NoLongerLiving.

    Somebody who is there already stays as they are, and gets no second letter. The registration is held meanwhile:
    of many presses at once each is counted by the others.
    """
    held = Registration.objects.select_for_update(of=("self",)).select_related("week", "local").get(pk=registration.pk)
    if not held.is_living:
        raise NoLongerLiving
    if held.email_key == email_key(email):
        raise IsContact
    ever = list(held.colleagues.order_by("pk"))
    living = [each for each in ever if each.removed_at is None]
    if same := next((each for each in living if each.email == email), None):
        return same
    if len(living) >= MOST or len(ever) >= MOST_EVER:
        raise TooMany
    colleague = Colleague.objects.create(registration=held, name=name, role=role, email=email)
    local_letters.colleague_added(colleague)
    return colleague


@transaction.atomic
def remove_colleague(*, registration: Registration, pk: int) -> bool:
    """Their link is dead from now on. False where there is no such colleague, or none any more."""
    living = Colleague.objects.filter(pk=pk, registration=registration.pk, removed_at=None)
    return bool(living.update(removed_at=timezone.now()))
