"""Short codes that people read off a screen or a poster and type: eight characters, none of which looks like another.

A number becomes a code by a keyed permutation: codes in a row have nothing in common, and nobody can count our rows by
them. Who knows the key turns a code back, so no table of codes is needed.
"""

import hmac
from hashlib import sha256

from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I
LENGTH = 8
BITS = 5 * LENGTH
HALF = BITS // 2
ROUNDS = 6  # of a Feistel network, which undoes itself run backwards; four would do against who sees codes only


def scramble(purpose: str, number: int) -> str:
    """The code of a number below 2**40, the same for ever."""
    left, right = divmod(number, 1 << HALF)
    for turn in range(ROUNDS):
        left, right = right, left ^ _mix(purpose, turn, right)
    return _written(left << HALF | right)


def unscramble(purpose: str, code: str) -> int | None:
    """The number of a code, typed in any case; None for what cannot be one. Any eight characters are some number's."""
    number = _read(code)
    if number is None:
        return None
    left, right = divmod(number, 1 << HALF)
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mix(purpose, turn, left), left
    return left << HALF | right


def sealed(purpose: str, value: str) -> str:
    """A code that only we can make for a value, to be compared with what was typed."""
    digest = hmac.digest(settings.HASH_KEY.encode(), f"{purpose}:{value}".encode(), sha256)
    return _written(int.from_bytes(digest[:5]))


def is_same(code: str, typed: str) -> bool:
    """Whether somebody typed this code: in any case, with blanks or dashes for all we care; in constant time."""
    plain = "".join(typed.split()).replace("-", "").upper()
    return hmac.compare_digest(code.encode(), plain.encode())


def _mix(purpose: str, turn: int, half: int) -> int:
    digest = hmac.digest(settings.HASH_KEY.encode(), f"{purpose}:{turn}:{half}".encode(), sha256)
    return int.from_bytes(digest[:4]) % (1 << HALF)


def _written(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def _read(code: str) -> int | None:
    places = [ALPHABET.find(character) for character in code.upper()]
    if len(places) != LENGTH or min(places) < 0:
        return None
    number = 0
    for place in places:
        number = number << 5 | place
    return number
