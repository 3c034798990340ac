"""Tracking numbers: whose they look like, and whether their check digit is right.

Looked at are the forms whose way of reckoning the check digit is public:

- UPS: 1Z and sixteen signs.
- FedEx: twelve digits (Express), fifteen (Ground), twenty that begin with 61 or 7489 (Ground Economy, of which the
  label leaves out the 92 in front, or the older 91), twenty-two that begin with 96.
- USPS: twenty digits that begin with 0, 1, 2, 7, 8 or 9 (with 7, some leave out a 91 in front), twenty-two or
  twenty-six that begin with 91 to 95; two letters, nine digits and US (S10 of the Universal Postal Union).

A number of another form may be right; nothing is known of it.
"""

import re
from collections.abc import Callable

from campaigns.models import Box

Carrier = Box.Carrier
LOOKS = re.compile(r"[A-Z0-9-]{4,40}")
# On a label of the Postal Service, read by a scanner: 420, the ZIP code, then the number itself.
ROUTED = re.compile(r"420(?:\d{5}|\d{9})(9[1-5](?:\d{20}|\d{24}))")
UPU_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FEDEX_WEIGHTS = (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)


def plain(number: str) -> str:
    """Without the blanks that people and programs put between, and without the way to the post office before it."""
    number = "".join(number.split()).upper()
    routed = ROUTED.fullmatch(number)
    return routed[1] if routed else number


def guess(number: str) -> str:
    """The carrier a number looks like and whose check digit is right; empty where that is nobody, or two."""
    found = {carrier for carrier, is_right in _readings(plain(number)) if is_right}
    return found.pop() if len(found) == 1 else ""


def is_mistyped(carrier: str, number: str) -> bool:
    """Whether a number has a form of this carrier's but not the check digit that goes with it."""
    own = [is_right for whose, is_right in _readings(plain(number)) if whose == carrier]
    return bool(own) and not any(own)


def _readings(number: str) -> list[tuple[str, bool]]:
    """Each form the number has: whose it is, and whether its check digit is right."""
    return [(carrier, is_right(number)) for carrier, form, is_right in FORMS if form.fullmatch(number)]


def _ups(number: str) -> bool:
    """Letters count as their place in the alphabet plus two, every second one twice."""
    values = [int(sign) if sign.isdecimal() else (ord(sign) - 63) % 10 for sign in number[2:-1]]
    return -(sum(values) + sum(values[1::2])) % 10 == int(number[-1])


def _mod_10(number: str) -> bool:
    """From the right, before the check digit, every second digit counts three times."""
    digits = [int(sign) for sign in reversed(number[:-1])]
    return -(3 * sum(digits[::2]) + sum(digits[1::2])) % 10 == int(number[-1])


def _certified(number: str) -> bool:
    """As it stands, or with the application identifier that older labels leave out."""
    return _mod_10(number) or _mod_10(f"91{number}")


def _economy(number: str) -> bool:
    """The check digit goes with the identifier in front, which FedEx does not print."""
    return _mod_10(f"92{number}")


def _old_economy(number: str) -> bool:
    return _economy(number) or _mod_10(f"91{number}")


def _ground_96(number: str) -> bool:
    """The last fifteen digits are the number; what stands before is for the belts."""
    return _mod_10(number[7:])


def _upu(number: str) -> bool:
    rest = 11 - sum(int(sign) * weight for sign, weight in zip(number[2:10], UPU_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(number[10])


def _express(number: str) -> bool:
    rest = sum(int(sign) * weight for sign, weight in zip(number[:-1], FEDEX_WEIGHTS, strict=True)) % 11
    return rest % 10 == int(number[-1])


FORMS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (Carrier.UPS, re.compile(r"1Z[0-9A-Z]{15}[0-9]"), _ups),
    (Carrier.FEDEX, re.compile(r"\d{12}"), _express),
    (Carrier.FEDEX, re.compile(r"\d{15}"), _mod_10),
    (Carrier.FEDEX, re.compile(r"61\d{18}"), _economy),
    (Carrier.FEDEX, re.compile(r"7489\d{16}"), _old_economy),
    (Carrier.FEDEX, re.compile(r"96\d{20}"), _ground_96),
    (Carrier.USPS, re.compile(r"[01289]\d{19}"), _mod_10),
    (Carrier.USPS, re.compile(r"7\d{19}"), _certified),
    (Carrier.USPS, re.compile(r"9[1-5](?:\d{20}|\d{24})"), _mod_10),
    (Carrier.USPS, re.compile(r"[A-Z]{2}\d{9}US"), _upu),
)
