"""Slips in e-mail addresses: "gmial.com" for "gmail.com". Only ever a question to the one who typed it."""

from functools import lru_cache

# Where most people's personal mailboxes are, as letters to members show. Short names are left out: one letter away
# from "aol.com" is somebody's own domain.
COMMON = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "comcast.net", "verizon.net",
    "sbcglobal.net", "bellsouth.net", "charter.net", "earthlink.net", "protonmail.com", "optonline.net",
    "frontiernet.net", "rocketmail.com",
)  # fmt: skip
# Real providers that are one letter away from one of those.
REAL = ("ymail.com", "mail.com", "email.com")


def likely_meant(email: str) -> str:
    """The address that was probably meant, or "" where nothing speaks against the one that was typed."""
    name, _, domain = email.rpartition("@")
    meant = _domain_meant(domain)
    return f"{name}@{meant}" if meant else ""


@lru_cache(maxsize=10_000)  # most of a crowd have their mailboxes with few providers
def _domain_meant(domain: str) -> str:
    if domain in COMMON or domain in REAL:
        return ""
    found = [each for each in COMMON if is_one_slip(domain, each)]
    return found[0] if len(found) == 1 else ""


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many, wrong, or has changed places with its neighbour."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    shorter, longer = sorted((typed, meant), key=len)
    at = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    has_wrong_letter = shorter[at + 1 :] == longer[at + 1 :]
    has_swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return has_wrong_letter or has_swapped
