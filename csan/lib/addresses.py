"""E-mail addresses: one spelling to store, one key to find the same person by.

The stored address is the one we mail: trimmed and lower-case, otherwise as typed. The *key* is a keyed hash of
the canonical address (dots and tags that a domain ignores removed), so that one person counts once and a
suppression can outlive the address it stands for. Rules a domain: the providers' own help pages.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

# The part before the @ as most people have it: nothing in it can be wrong (RFC 5321, 4.5.3.1.1). The library
# looks at all others, which takes longer than all else that a form does to an address.
PLAIN_NAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9_-]+(?:[.+][a-z0-9_-]+)*")
LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3)


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
    plain = text.strip().lower()
    name, _, domain = plain.rpartition("@")
    if PLAIN_NAME.fullmatch(name) and len(plain) <= LONGEST and (known := _domain(domain, is_test=settings.LOCAL)):
        return f"{name}@{known}"
    return _validated(plain, is_test=settings.LOCAL)


@lru_cache(maxsize=10_000)  # most of a crowd have their mailboxes with few providers
def _domain(domain: str, *, is_test: bool) -> str:
    """A domain as mail names it; empty for one that is none, or that is too long to be sure of the whole."""
    try:
        found = _validated(f"a@{domain}", is_test=is_test).removeprefix("a@")
    except InvalidAddress:
        return ""
    return found if len(found) == len(domain) else ""


def _validated(text: str, *, is_test: bool) -> str:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=is_test)
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
    return hmac.digest(settings.HASH_KEY.encode(), canonical(email).encode(), sha256).hex()[:32]


def new_key() -> str:
    """A random private key for a link: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)
