"""Signed values for links in letters: each for one purpose, each with an age."""

from datetime import timedelta

from django.core import signing


class BadToken(Exception):
    """The token was not made by us for this purpose, or it is too old (`expired`)."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not ours")
        self.expired = expired


def sign(purpose: str, value: str) -> str:
    """A token for `value`, good for `purpose` only; safe in a URL."""
    return _signer(purpose).sign(value)


def read(purpose: str, token: str, *, max_age: timedelta) -> str:
    """The value that was signed. Raises BadToken."""
    try:
        return _signer(purpose).unsign(token, max_age=max_age)
    except signing.SignatureExpired as error:
        raise BadToken(expired=True) from error
    except signing.BadSignature as error:
        raise BadToken from error


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"csan.{purpose}")
