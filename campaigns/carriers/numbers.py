"""Tracking numbers: whose they look like, and whether their check digit is right.

The forms are those the carriers print: UPS 1Z and sixteen signs; USPS twenty or twenty-two digits that begin with 7
or 9, or two letters, nine digits and a country; FedEx twelve or fifteen digits, or twenty-two that begin with 96.
"""

import re

from campaigns.models import Box

Carrier = Box.Carrier
LOOKS = re.compile(r"[A-Z0-9-]{4,40}")
UPS = re.compile(r"1Z[0-9A-Z]{15}[0-9]")
USPS = re.compile(r"[79]\d{19}|9\d{21}")
UPU = re.compile(r"[A-Z]{2}\d{9}US")
FEDEX = re.compile(r"\d{12}|\d{15}")
FEDEX_GROUND = re.compile(r"96\d{20}")
UPU_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FEDEX_WEIGHTS = (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)


def plain(number: str) -> str:
    """Without the blanks that people and programs put between."""
    return "".join(number.split()).upper()


def guess(number: str) -> str:
    """The carrier a number looks like and whose check digit is right; empty where that is nobody, or two."""
    found = {carrier for carrier, _, is_right in _readings(plain(number)) if is_right}
    return found.pop() if len(found) == 1 else ""


def is_mistyped(carrier: str, number: str) -> bool:
    """Whether a number has a form of this carrier's but not the check digit that goes with it."""
    own = [is_right for whose, _, is_right in _readings(plain(number)) if whose == carrier]
    return bool(own) and not any(own)


def _readings(number: str) -> list[tuple[str, str, bool]]:
    """Each form the number has: whose, the number, whether its check digit is right."""
    found: list[tuple[str, str, bool]] = []
    if UPS.fullmatch(number):
        found.append((Carrier.UPS, number, _ups(number)))
    if FEDEX_GROUND.fullmatch(number):
        found.append((Carrier.FEDEX, number, _mod_10(number[7:])))
    elif USPS.fullmatch(number):
        found.append((Carrier.USPS, number, _mod_10(number)))
    if UPU.fullmatch(number):
        found.append((Carrier.USPS, number, _upu(number)))
    if FEDEX.fullmatch(number):
        found.append((Carrier.FEDEX, number, _fedex(number) if len(number) == 12 else _mod_10(number)))
    return found


def _ups(number: str) -> bool:
    """Letters count as their place in the alphabet plus two, every second one twice."""
    values = [int(sign) if sign.isdecimal() else (ord(sign) - 63) % 10 for sign in number[2:-1]]
    return -(sum(values) + sum(values[1::2])) % 10 == int(number[-1])


def _mod_10(number: str) -> bool:
    """From the right, before the check digit, every second digit counts three times."""
    digits = [int(sign) for sign in reversed(number[:-1])]
    return -(3 * sum(digits[::2]) + sum(digits[1::2])) % 10 == int(number[-1])


def _upu(number: str) -> bool:
    """S10 of the Universal Postal Union."""
    rest = 11 - sum(int(sign) * weight for sign, weight in zip(number[2:10], UPU_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(number[10])


def _fedex(number: str) -> bool:
    """The twelve digits of FedEx Express."""
    rest = sum(int(sign) * weight for sign, weight in zip(number[:-1], FEDEX_WEIGHTS, strict=True)) % 11
    return rest % 10 == int(number[-1])
