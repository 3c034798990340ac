"""The short code beside the confirm link, for letters whose link a mail program has broken.

It is made of the signature and of the moment it was asked for, so nothing is kept, and a new request has a new one.
"""

from datetime import timedelta

from django.utils import timezone

from csan.lib import codes
from csan.lib.addresses import email_key
from petitions.models import Petition, Signature

PURPOSE = "confirm-code"
# A link is good for seven days from its letter, and the last reminder comes five days after the first letter.
AGE = timedelta(days=12)


def code_of(signature: Signature) -> str:
    """Eight characters that stand for this request of this signature, and are told to its mailbox alone."""
    return codes.sealed(PURPOSE, f"{signature.pk}.{signature.moment}")


def signature_by_code(*, email: str, code: str) -> Signature | None:
    """The signature from a mailbox that this code confirms, or has confirmed; None for every wrong pair."""
    petitions = list(Petition.objects.values_list("pk", flat=True))  # named, so that the index of both columns serves
    asked = Signature.objects.standing().filter(
        petition__in=petitions, email_key=email_key(email), asked_at__gt=timezone.now() - AGE
    )
    rows = asked.select_related("petition", "version").order_by("-asked_at")
    return next((row for row in rows if codes.is_same(code_of(row), code)), None)
