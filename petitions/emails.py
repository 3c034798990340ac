"""The letters of the petitions app: who gets which, and with what."""

from typing import Any

from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Message
from petitions.models import Signature


def confirm_signature(signature: Signature, token: str) -> bool:
    """The confirm link, to the address that was typed. False where this quiet period has brought one."""
    return outbox.enqueue(**_confirm_signature(signature, token))


def first_letter(signature: Signature, token: str) -> Message:
    """The same to somebody who signs for the first time; to be written together with the signature."""
    return outbox.compose(**_confirm_signature(signature, token))


def _confirm_signature(signature: Signature, token: str) -> dict[str, Any]:
    url = absolute_reverse("petitions:confirm", token, language=signature.language)
    return _letter(
        signature, "confirm_signature", f"confirm:{signature.moment}:{outbox.quiet_slot()}", confirm_url=url
    )


def already_signed(signature: Signature) -> bool:
    """To a signer who signed again: it counts already, and here is your page. False as above."""
    return _write(signature, "already_signed", f"again:{outbox.quiet_slot()}", **_private_links(signature))


def thank_you(signature: Signature) -> None:
    """Once, when the signature has been confirmed."""
    _write(signature, "thank_you", f"thanks:{signature.moment}", **_private_links(signature))


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
