"""An issue's rendition as a letter: the headers of a correct bulk letter, the skeleton, one person's copy."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from csan.lib.mail import Letter, Skeleton
from csan.lib.mail.letter import message_id
from csan.lib.mail.skeleton import RECIPIENT, REFERENCE, fill_text, hole
from csan.lib.urls import absolute
from members.models import Message, Rendition

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


def personal_letter(message: Message) -> Letter:
    """One person's copy in parts, for services that take parts."""
    assert message.rendition_id is not None
    return _filled(parts_of(message.rendition_id), to=message.to, reference=message.reference, values=message.context)


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
