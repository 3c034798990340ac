"""Writing a letter: one row, in the transaction of the act that it tells of."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from csan.lib import bell
from csan.lib.addresses import email_key, normalise
from csan.lib.rows import insert_unless_known, new_row
from members.models import Message, Rendition

BELL = "members.tasks.send_letters"
QUIET = 600  # seconds in which asking again brings no second letter


def quiet_slot() -> int:
    """The number of the quiet period we are in: part of a letter's key where anybody may ask for it again."""
    return int(timezone.now().timestamp()) // QUIET


def enqueue(
    *,
    key: str,
    template: str,
    to: str,
    context: dict[str, Any],
    language: str = "en",
    available_at: datetime | None = None,
) -> bool:
    """Write a transactional letter, to be sent after commit. False where the same `key` was said before.

    `template` is written `app/name`; `context` must be JSON and holds what the templates need, no model rows.
    A letter that nobody waits for may leave later, at `available_at`.
    """
    letter = compose(key=key, template=template, to=to, context=context, language=language)
    letter.available_at = available_at or letter.available_at
    is_new = insert_unless_known(letter)
    if is_new:
        bell.ring_on_commit(BELL)
    return is_new


def compose(*, key: str, template: str, to: str, context: dict[str, Any], language: str = "en") -> Message:
    """A transactional letter as `enqueue` writes it, not written yet: for who writes it with a row of their own.

    They say `ring_on_commit` then.
    """
    return new_row(
        Message, key=key, template=template, to=to, email_key=email_key(to), context=context, language=language
    )


def ring_on_commit() -> None:
    """A letter was written: call a sender once it is there to be found."""
    bell.ring_on_commit(BELL)


def enqueue_rendition(*, key: str, rendition: Rendition, to: str) -> None:
    """Write one copy of a rendition as a letter somebody waits for: a test, for the eyes of staff.

    Raises InvalidAddress: a staff account's address was never checked by a form of ours.
    """
    to = normalise(to)
    letter = Message(
        key=key,
        rendition=rendition,
        to=to,
        email_key=email_key(to),
        context={"key": "preview"},
        language=rendition.language,
    )
    if insert_unless_known(letter):
        bell.ring_on_commit(BELL)


def ring() -> None:
    """Call as many senders as there is work for: all of them for a newsletter, one for other letters."""
    if Message.objects.is_any_due(Message.Lane.BULK):
        for slot in range(settings.MAIL_SENDERS):
            bell.ring(BELL, slot)
    elif Message.objects.is_any_due(Message.Lane.TRANSACTIONAL):
        bell.ring(BELL)
