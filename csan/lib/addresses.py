"""E-mail addresses: one spelling to store, one key to find the same person by.

The stored address is the one we mail: trimmed and lower-case, otherwise as typed. The *key* is a keyed hash of
the canonical address (dots and tags that a domain ignores removed), so that one person counts once and a
suppression can outlive the address it stands for. Rules a domain: the providers' own help pages.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from email_validator import EmailNotValidError, validate_email


class InvalidAddress(ValueError):
    """The text is not an e-mail address that a letter can be sent to."""


@dataclass(frozen=True)
class MailboxRules:
    """What a provider ignores in the part before the @."""

    ignores_dots: bool = False
    tag: str = "+"
    same_as: str = ""


ANY_PROVIDER = MailboxRules(tag="")
PROVIDERS = {
    "gmail.com": MailboxRules(ignores_dots=True),
    "googlemail.com": MailboxRules(ignores_dots=True, same_as="gmail.com"),
    "outlook.com": MailboxRules(),
    "hotmail.com": MailboxRules(),
    "live.com": MailboxRules(),
    "icloud.com": MailboxRules(),
    "me.com": MailboxRules(same_as="icloud.com"),
    "mac.com": MailboxRules(same_as="icloud.com"),
    "fastmail.com": MailboxRules(),
    "proton.me": MailboxRules(),
    "protonmail.com": MailboxRules(same_as="proton.me"),
    "pm.me": MailboxRules(same_as="proton.me"),
    "yahoo.com": MailboxRules(tag="-"),
}


def normalise(text: str) -> str:
    """The address as we store and mail it.

    Raises InvalidAddress where it is none, or where its first part needs SMTPUTF8, which few mail services carry.
    """
    try:
        found = validate_email(
            text.strip().lower(), check_deliverability=False, allow_smtputf8=False, test_environment=settings.LOCAL
        )
    except EmailNotValidError as error:
        raise InvalidAddress(str(error)) from error
    return (found.ascii_email or found.normalized).lower()


def canonical(email: str) -> str:
    """The spelling that all spellings of one mailbox share; for comparing, never for mailing."""
    local, _, domain = email.strip().lower().rpartition("@")
    rules = PROVIDERS.get(domain, ANY_PROVIDER)
    if rules.tag:
        local = local.partition(rules.tag)[0] or local
    if rules.ignores_dots:
        local = local.replace(".", "")
    return f"{local}@{rules.same_as or domain}"


def email_key(email: str) -> str:
    """32 hexadecimal characters that stand for the mailbox; cannot be turned back without HASH_KEY."""
    digest = hmac.new(settings.HASH_KEY.encode(), canonical(email).encode(), sha256)
    return digest.hexdigest()[:32]


def new_key() -> str:
    """A random private key for a link: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)
