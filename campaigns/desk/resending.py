"""The letters of a registration, as staff see them, and one of them sent once more."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.models import Registration
from csan.lib import audit
from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Message

AGAIN = ":again:"  # in the key of a letter that was sent once more, before its number
MOST = 5  # of a registration's letters sent again within PERIOD
PERIOD = timedelta(hours=1)


class NotItsLetter(Exception):
    """The letter is not about this registration, or its words are erased."""


class TooManyAgain(Exception):
    """Enough letters went to this mailbox within the hour."""


def letters_of(registration: Registration) -> QuerySet[Message]:
    """All letters about the registration and its boxes, to whomever, the newest first."""
    subjects = [f"box:{pk}" for pk in registration.boxes.values_list("pk", flat=True)]
    return outbox.letters_about(f"registration:{registration.pk}", *subjects).order_by("-pk")


@transaction.atomic
def send_again(*, registration: Registration, message: Message, by: User) -> bool:
    """The same letter under a key of its own. False where it is on its way already.

    What went to the contact goes to the contact's address of today, with the private link of today. Raises
    NotItsLetter or TooManyAgain.
    """
    held = Registration.objects.select_for_update().get(pk=registration.pk)
    letters = letters_of(held)
    if message.is_erased or not letters.filter(pk=message.pk).exists():
        raise NotItsLetter
    root = message.key.split(AGAIN)[0]
    again = letters.filter(key__contains=AGAIN)
    if again.filter(created_at__gt=timezone.now() - PERIOD).count() >= MOST:
        raise TooManyAgain
    same = Q(key=root) | Q(key__startswith=f"{root}{AGAIN}")
    if letters.filter(same, status__in=Message.OPEN).exists():
        return False
    to, context = _to_whom(held, message)
    number = again.filter(key__startswith=f"{root}{AGAIN}").count() + 1
    outbox.enqueue(
        key=f"{root}{AGAIN}{number}",
        template=message.template,
        to=to,
        context=context,
        language=message.language,
    )
    audit.record(by=by, objects=[held], did="Sent again", letter=message.template)
    return True


def _to_whom(registration: Registration, message: Message) -> tuple[str, dict[str, object]]:
    """A colleague's letter is the colleague's, with their own link. Any other is the contact's."""
    others = {*registration.colleagues.values_list("email", flat=True)}
    others |= {*registration.other_contacts.values_list("email", flat=True)}
    if message.to != registration.email and message.to in others:
        return message.to, message.context
    old = str(message.context.get("registration_url", ""))
    if not old:
        return registration.email, dict(message.context)
    new = absolute_reverse("campaigns:registration", registration.key, language=message.language)
    return registration.email, {name: _moved(value, old, new) for name, value in message.context.items()}


def _moved(value: object, old: str, new: str) -> object:
    """The pages below the private one, such as the box's, move along with it."""
    return new + value.removeprefix(old) if isinstance(value, str) and value.startswith(old) else value
