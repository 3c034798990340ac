"""The letters of the petitions app: who gets which, and with what."""

from typing import Any

from django.utils import translation

from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Message
from petitions.models import Measure, Signature


def confirm_signature(signature: Signature, token: str, code: str) -> bool:
    """The confirm link and its code, to the address that was typed. False where this quiet period has brought them."""
    return outbox.enqueue(**_confirm_signature(signature, token, code))


def first_letter(signature: Signature, token: str, code: str) -> Message:
    """The same to somebody who signs for the first time; to be written together with the signature."""
    return outbox.compose(**_confirm_signature(signature, token, code))


def remind_signature(signature: Signature, token: str, code: str) -> bool:
    """The same once more, to somebody who has not confirmed. False where this reminder was written before."""
    occasion = f"remind:{signature.moment}:{signature.reminders_sent}"
    return _write(signature, "remind_signature", occasion, **_ways_to_confirm(signature, token, code))


def _confirm_signature(signature: Signature, token: str, code: str) -> dict[str, Any]:
    occasion = f"confirm:{signature.moment}:{outbox.quiet_slot()}"
    return _letter(signature, "confirm_signature", occasion, **_ways_to_confirm(signature, token, code))


def _ways_to_confirm(signature: Signature, token: str, code: str) -> dict[str, str]:
    language = signature.language
    return {
        "confirm_url": absolute_reverse("petitions:confirm", token, language=language),
        "code": f"{code[:4]}-{code[4:]}",
        "code_url": absolute_reverse("petitions:confirm-code", language=language),
    }


def already_signed(signature: Signature) -> bool:
    """To a signer who signed again: it counts already, and here is your page. False as above."""
    return _write(signature, "already_signed", f"again:{outbox.quiet_slot()}", **_private_links(signature))


def thank_you(signature: Signature) -> None:
    """Once, when the signature has been confirmed."""
    _write(signature, "thank_you", f"thanks:{signature.moment}", **_private_links(signature))


def reaffirm(signature: Signature, measure: Measure) -> bool:
    """The bill died with its Congress and is back: do they ask for it, too? Once for each; False if it was written."""
    with translation.override(signature.language):
        bill = str(measure)
    return _write(
        signature, "reaffirm", f"reaffirm:{measure.pk}", bill=bill, measure=measure.title, **_private_links(signature)
    )


def _private_links(signature: Signature) -> dict[str, str]:
    language = signature.language
    return {
        "signature_url": absolute_reverse("petitions:signature", signature.key, language=language),
        "petition_url": absolute_reverse("petitions:petition", signature.petition.slug, language=language),
    }


def _write(signature: Signature, name: str, occasion: str, **links: Any) -> bool:
    """Write the letter; False where it was written before."""
    return outbox.enqueue(**_letter(signature, name, occasion, **links))


def _letter(signature: Signature, name: str, occasion: str, **links: Any) -> dict[str, Any]:
    words = signature.version.in_language(signature.language)
    return {
        "key": f"signature:{signature.pk}:{occasion}",
        "template": f"petitions/{name}",
        "to": signature.email,
        "language": signature.language,
        "context": {"name": signature.given_name, "title": words.title, "ask": words.ask, **links},
    }
