"""Every signer's own code for passing a petition on: made from the signature's number, kept nowhere.

It stands in a link, /go/f-…/, that says nothing about its owner but that they signed.
"""

from csan.lib import codes
from csan.lib.urls import absolute_reverse
from petitions import tallies
from petitions.models import Petition, Signature

PURPOSE = "friend"
PREFIX = "f-"


def code_of(signature: Signature) -> str:
    """Such as f-7kq2m9ax."""
    return PREFIX + codes.scramble(PURPOSE, signature.pk).lower()


def is_code(text: str) -> bool:
    """Whether it has the shape of one; any shape leads to some number, and nearly all to nobody's."""
    return _number(text) is not None


def petition_behind(code: str) -> Petition | None:
    """The petition whose signer this code belongs to; None where there is no such signer who counts."""
    number = _number(code)
    if number is None:
        return None
    signature = Signature.objects.counting().select_related("petition").filter(pk=number).first()
    return signature.petition if signature else None


def link(code: str, *, language: str) -> str:
    """The address to pass on."""
    return absolute_reverse("petitions:go", code, language=language)


def brought(signature: Signature) -> int:
    """How many people who came by the signer's link have signed and confirmed."""
    return tallies.by_code(signature.petition, code_of(signature))


def _number(code: str) -> int | None:
    prefix, rest = code[: len(PREFIX)].lower(), code[len(PREFIX) :]
    return codes.unscramble(PURPOSE, rest) if prefix == PREFIX else None
