"""What a signature must be like for a job to mean it: all of what is said, and never nothing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from petitions.fraud.networks import IS_HASH, address_hash, hash_of_network, plain_address
from petitions.models import Petition, Signature

LABELS = {
    "petition": "petition",
    "given_name": "first name",
    "family_name": "last name",
    "email": "e-mail address",
    "domain": "mail domain",
    "zip_code": "ZIP code",
    "address": "network address (hash)",
    "network": "network (hash)",
    "state": "state",
    "district": "district",
    "source_code": "source code",
    "score": "score, from",
    "created_from": "signed from",
    "created_to": "signed before",
}
# What says enough by itself. A petition or a state alone would take everybody who ever signed there.
SAY_ENOUGH = frozenset(LABELS) - {"petition", "state", "district"}
PLAIN = {
    "petition": "petition_id",
    "state": "state",
    "district": "district",
    "source_code": "source_code",
    "domain": "evidence__mail_domain",
    "address": "evidence__address_hash",
    "network": "evidence__network_hash",
    "score": "score__score__gte",
    "created_from": "created_at__gte",
    "created_to": "created_at__lt",
}
PATTERNS = ("given_name", "family_name", "email", "zip_code")

Conditions = Mapping[str, Any]


class TooWide(Exception):
    """Nothing is said that would tell some signatures from all of a petition or state."""


class NoNetwork(ValueError):
    """It is neither an address, nor a network of the size we keep, nor one of our hashes."""


def checked(conditions: Conditions) -> dict[str, Any]:
    """The conditions that say something. Raises TooWide."""
    said = {name: value for name, value in conditions.items() if value not in ("", None)}
    meaningless = {name for name in PATTERNS if set(str(said.get(name, "x"))) <= {"*"}}
    if not SAY_ENOUGH & set(said) - meaningless:
        raise TooWide
    return {name: value for name, value in said.items() if name not in meaningless}


def matching(conditions: Conditions) -> QuerySet[Signature]:
    """The standing signatures that are like that; in the database a `*` of a pattern stands for anything."""
    found = Signature.objects.standing()
    for name, value in conditions.items():
        if name in PATTERNS:
            found = found.filter(**pattern(name, str(value)))
        else:
            found = found.filter(**{PLAIN[name]: datetime.fromisoformat(value) if "created" in name else value})
    return found


def pattern(name: str, text: str) -> dict[str, str]:
    """A condition on a text, in any case, where `*` stands for anything."""
    if "*" not in text:
        return {f"{name}__iexact": text}
    return {f"{name}__iregex": "^" + ".*".join(re.escape(part) for part in text.split("*")) + "$"}


def network_condition(text: str) -> dict[str, str]:
    """An address, a /24 or /64, or a hash that the desk shows, as a condition on hashes. Raises NoNetwork."""
    text = text.strip().lower()
    if IS_HASH.fullmatch(text):
        return {"network": text}
    if address := plain_address(text):
        return {"address": address_hash(address)}
    try:
        return {"network": hash_of_network(text)}
    except ValueError as error:
        raise NoNetwork(text) from error


def in_words(conditions: Conditions) -> list[tuple[str, str]]:
    """The conditions as staff read them again."""
    slug = Petition.objects.filter(pk=conditions.get("petition", 0)).values_list("slug", flat=True).first()
    return [
        (LABELS[name], str(slug) if name == "petition" else str(conditions[name]))
        for name in LABELS
        if name in conditions
    ]
