"""Where mail services call back: django-anymail's webhooks, and one that it leaves to a package of its own.

Resend signs as the Standard Webhooks specification says (github.com/standard-webhooks, "Signature scheme"): an HMAC of
the message's name, its time and its body. That needs no package.
"""

import hmac
import time
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from hashlib import sha256

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.resend import ResendTrackingWebhookView
from django.conf import settings
from django.http import HttpRequest
from django.urls import include, path

TOLERANCE = 300  # seconds between the service's clock and ours; older messages may be replayed ones


class ResendWebhook(ResendTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Resend's events; besides the shared password, its signature is checked where `RESEND_SIGNING_SECRET` is set."""

    def validate_request(self, request: HttpRequest) -> None:
        """Raises AnymailWebhookValidationFailure."""
        secret = settings.ANYMAIL.get(  # type: ignore[misc]  # set only where a service is in use
            "RESEND_SIGNING_SECRET", ""
        )
        if secret and not is_signed(request.body, request.headers, secret=secret, now=time.time()):
            raise AnymailWebhookValidationFailure("Resend webhook called with incorrect signature")


def is_signed(body: bytes, headers: Mapping[str, str], *, secret: str, now: float) -> bool:
    """Whether one of the signatures in the headers is right, and not too old."""
    name, moment, given = (headers.get(f"svix-{part}", "") for part in ("id", "timestamp", "signature"))
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
        is_fresh = abs(now - int(moment)) <= TOLERANCE
    except (Error, ValueError):
        return False
    wanted = b64encode(hmac.digest(key, f"{name}.{moment}.".encode() + body, sha256)).decode()
    return is_fresh and any(hmac.compare_digest(f"v1,{wanted}", each) for each in given.split())


urlpatterns = [
    path("resend/tracking/", ResendWebhook.as_view(signing_secret=None)),  # ours checks the signature
    path("", include("anymail.urls")),
]
