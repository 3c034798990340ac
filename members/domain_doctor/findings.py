"""What the doctor says about one thing."""

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings


class Level(StrEnum):
    """How it is. What could not be looked at is never good."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """`what` is how it is, `fix` what to do about it; nothing where all is well."""

    title: str
    level: Level
    what: str
    fix: str = ""


def good(title: str, what: str) -> Finding:
    return Finding(title, Level.GOOD, what)


def warning(title: str, what: str, fix: str) -> Finding:
    return Finding(title, Level.WARNING, what, fix)


def bad(title: str, what: str, fix: str) -> Finding:
    return Finding(title, Level.BAD, what, fix)


def unknown(title: str, why: str) -> Finding:
    return Finding(title, Level.UNKNOWN, f"Could not check: {why}.", "Try again in a while; this says nothing yet.")


def domain_of(address: str) -> str:
    """The domain of an e-mail address, which may have a name before it."""
    return parseaddr(address)[1].rpartition("@")[2].lower()


def from_domain() -> str:
    """The domain that readers see in From."""
    return domain_of(settings.DEFAULT_FROM_EMAIL)
