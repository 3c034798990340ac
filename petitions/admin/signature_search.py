"""Searching among millions of signatures: by what an index finds, and by nothing else.

A word anywhere in a name or an address would read the whole table for seconds, whoever asks. What staff know of
somebody who writes to them is a whole address, a name, or a ZIP code. Names and ZIP codes have indexes of what is no
longer pending, so that signing at the door writes to none of them; a whole address finds every signature.
"""

import re

from django.db.models import Q, QuerySet
from django.db.models.functions import Collate, Left, Upper

from csan.lib.addresses import InvalidAddress, email_key, normalise
from csan.lib.states import state_of
from petitions.models import Petition, Signature

HELP = (
    "A whole e-mail address; of confirmed signatures also a last name or its beginning, first and last name, "
    "or a ZIP code."
)
IS_ZIP = re.compile(r"(\d{5})(-?\d{4})?")


def find(signatures: QuerySet[Signature], term: str) -> QuerySet[Signature]:
    """Those that a search means."""
    words = " ".join(term.split())
    if zip_code := IS_ZIP.fullmatch(words):
        return in_zip(signatures, zip_code[1])
    try:
        return of_mailbox(signatures, email_key(normalise(words)))
    except InvalidAddress:
        return named(signatures, words)


def petitions() -> list[int]:
    """All of them, named, so that the indexes that begin with the petition serve."""
    return list(Petition.objects.values_list("pk", flat=True))


def of_mailbox(signatures: QuerySet[Signature], key: str) -> QuerySet[Signature]:
    """Whoever signed from this mailbox and has not been erased."""
    found = signatures.filter(petition__in=petitions(), email_key=key)
    return found.exclude(email__endswith=f"@{Signature.ERASED_DOMAIN}")


def in_zip(signatures: QuerySet[Signature], zip_code: str) -> QuerySet[Signature]:
    """Confirmed ones of a ZIP code, by the index that packets use."""
    confirmed = signatures.filter(status=Signature.Status.CONFIRMED, petition__in=petitions())
    return confirmed.filter(state=state_of(zip_code)).alias(zip5=Left("zip_code", 5)).filter(zip5=zip_code)


def named(signatures: QuerySet[Signature], words: str) -> QuerySet[Signature]:
    """By the beginning of the last name, alone or behind the beginning of the first, in any case."""
    by_name = Q(folded__startswith=words.upper())
    parts = words.split(" ")
    for n in range(1, len(parts)):
        first, last = " ".join(parts[:n]), " ".join(parts[n:])
        by_name |= Q(given_name__istartswith=first, folded__startswith=last.upper())
    folded = Collate(Upper("family_name"), "C")  # as the index has it
    return signatures.alias(folded=folded).filter(by_name, status__in=Signature.SETTLED)
