"""The words of letters in hand: bytes for the wire, or parts for a service; of one reader, or of several at once."""

from collections import deque

from csan.lib.mail import EmailMultiAlternatives, Handing, Letter, build
from members.outbox.claims import Held
from members.outbox.renditions import email_for_many, is_fit_for_many, personal_letter, skeleton_of


def together(waiting: deque[Held], *, most: int) -> list[Held]:
    """Take the next letter from the queue; where the service allows, with those behind it of the same rendition."""
    first = waiting.popleft()
    letters = [first]
    if most > 1 and first.rendition_id and is_fit_for_many(first.rendition_id):
        addresses = {first.to}
        while waiting and len(letters) < most:
            if waiting[0].rendition_id != first.rendition_id or waiting[0].to in addresses:
                break
            letters.append(waiting.popleft())
            addresses.add(letters[-1].to)
    return letters


def write(letters: list[Held], *, as_bytes: bool) -> Handing:
    """The letters ready to be handed over."""
    return Handing(
        tuple(each.pk for each in letters),
        tuple(each.to for each in letters),
        email_for_many(letters) if len(letters) > 1 else bytes_of(letters[0]) if as_bytes else email_of(letters[0]),
    )


def bytes_of(message: Held) -> bytes:
    """The letter as it goes over the wire: a newsletter's by filling its skeleton."""
    if message.rendition_id:
        skeleton = skeleton_of(message.rendition_id)
        return skeleton.fill(to=message.to, reference=message.reference, values=message.context)
    return letter_of(message).as_bytes()


def email_of(message: Held) -> EmailMultiAlternatives:
    """The letter for Django's backends."""
    letter = personal_letter(message) if message.rendition_id else letter_of(message)
    return letter.as_email()


def letter_of(message: Held) -> Letter:
    """A letter from its template and context."""
    return build(
        message.template,
        to=message.to,
        language=message.language,
        context=message.context,
        reference=message.reference,
    )
