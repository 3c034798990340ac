"""An issue's rendition as a letter: the headers of a correct bulk letter, the skeleton, one person's copy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from csan.lib.mail import EmailMultiAlternatives, Letter, Skeleton
from csan.lib.mail.batches import batch_email, is_fit_for_batch
from csan.lib.mail.letter import message_id
from csan.lib.mail.skeleton import RECIPIENT, REFERENCE, fill_text, hole
from csan.lib.urls import absolute
from members.models import Rendition

HOLES = {"key"}


def headers_for(language: str) -> dict[str, str]:
    """RFC 2369 and 8058 (leaving in one click), RFC 2919 (List-Id). The person's key is a hole."""
    with translation.override(language):
        leave = absolute(reverse("members:unsubscribe", args=[hole("key")]))
        archive = absolute(reverse("members:archive"))
    return {
        "List-Id": f"{settings.SITE_SHORT_NAME} newsletter <newsletter.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": f"<{archive}>",
        "Precedence": "bulk",
    }


def generic_letter(rendition: Rendition) -> Letter:
    """The letter with all its holes, from which everybody's copy is made."""
    return Letter(
        to=RECIPIENT,
        subject=rendition.subject,
        text=rendition.text,
        html=rendition.html,
        message_id=message_id(REFERENCE),
        reference=REFERENCE,
        stream="newsletter",
        headers=headers_for(rendition.language),
    )


@lru_cache(maxsize=16)
def skeleton_of(rendition_id: int) -> Skeleton:
    """The rendition as ready bytes; made once a process, since a rendition never changes.

    Raises BrokenSkeleton; freezing an issue makes its skeletons, so that no letter meets it first.
    """
    return Skeleton.of(parts_of(rendition_id), holes=HOLES)


@lru_cache(maxsize=16)
def parts_of(rendition_id: int) -> Letter:
    """The rendition as a letter with its holes; looked up once a process, as the skeleton is."""
    return generic_letter(Rendition.objects.get(pk=rendition_id))


class Addressed(Protocol):
    """What a copy must know of its reader: a letter's row, or as much of it as a sender holds."""

    @property
    def to(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def context(self) -> dict[str, Any]: ...
    @property
    def rendition_id(self) -> int | None: ...


def personal_letter(message: Addressed) -> Letter:
    """One person's copy in parts, for services that take parts."""
    assert message.rendition_id is not None
    return _filled(parts_of(message.rendition_id), to=message.to, reference=message.reference, values=message.context)


def is_fit_for_many(rendition_id: int) -> bool:
    """Whether the service can make each reader's copy of it without mistaking our words for its own language."""
    return is_fit_for_batch(parts_of(rendition_id))


def email_for_many(messages: Sequence[Addressed]) -> EmailMultiAlternatives:
    """Copies of one rendition in one message, each of which the service itself makes its reader's own."""
    assert messages[0].rendition_id is not None
    return batch_email(
        parts_of(messages[0].rendition_id),
        readers=[(message.to, message.reference, message.context) for message in messages],
    )


def personal_letter_of(rendition: Rendition, *, to: str, reference: str, values: Mapping[str, str]) -> Letter:
    """The same of a rendition that need not be saved: how its readers will see it."""
    return _filled(generic_letter(rendition), to=to, reference=reference, values=values)


def _filled(general: Letter, *, to: str, reference: str, values: Mapping[str, str]) -> Letter:
    return replace(
        general,
        to=to,
        subject=fill_text(general.subject, values),
        text=fill_text(general.text, values),
        html=fill_text(general.html, values),
        message_id=message_id(reference),
        reference=reference,
        headers={name: fill_text(value, values) for name, value in general.headers.items()},
    )
