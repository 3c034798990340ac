"""Tracking numbers as carriers print them, made up."""


def ups_number(serial: int) -> str:
    """One of UPS: letters count as their place in the alphabet plus two, every second sign twice."""
    head = f"999AA300{serial:07}"
    values = [int(sign) if sign.isdecimal() else (ord(sign) - 63) % 10 for sign in head]
    return f"1Z{head}{-(sum(values) + sum(values[1::2])) % 10}"
