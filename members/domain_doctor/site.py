"""The address that letters lead to: HTTPS with a certificate that lasts, and a way to leave that answers.

Leaving in one click (RFC 8058) is a POST without a cookie over HTTPS that is answered at once, never by a redirect.
"""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.urls import reverse

from csan.lib.urls import absolute
from members.domain_doctor.findings import Finding, bad, good, unknown, warning

PATIENCE = 6.0  # seconds
SOON = timedelta(days=14)
PROBE = "probe-of-the-domain-doctor"  # a key that nobody has
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address() -> Iterator[Finding]:
    """Links in letters begin with https, and the certificate is valid for a while."""
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme != "https":
        yield bad(
            "Links in letters",
            f"They begin with {settings.BASE_URL}, which is not HTTPS; leaving in one click does not work then.",
            "Put a proxy with a certificate in front, and set BASE_URL to https://…",
        )
        return
    yield good("Links in letters", f"They begin with {settings.BASE_URL}.")
    yield _certificate(parts.hostname or "", parts.port or 443)


def _certificate(host: str, port: int) -> Finding:
    title = f"Certificate of {host}"
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as line,
            context.wrap_socket(line, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return bad(title, f"Browsers do not believe it: {error.verify_message}.", "Get a valid certificate.")
    except ssl.SSLError:
        return bad(title, "The server does not speak TLS there.", "Let the proxy answer HTTPS at this address.")
    except OSError:
        return unknown(title, f"{host} could not be reached")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    if ends - datetime.now(UTC) < SOON:
        fix = "See why it is not renewed: that is usually done a month before."
        return bad(title, f"It ends on {ends:%B} {ends.day}, {ends.year}.", fix)
    return good(title, f"It is valid until {ends:%B} {ends.day}, {ends.year}.")


def leaving() -> Iterator[Finding]:
    """The way out answers over the network as a mail program would ask: a key that nobody has is not found."""
    title = "Leaving in one click"
    url = absolute(reverse("members:unsubscribe", args=[PROBE]))
    try:
        answer = requests.post(url, data=ONE_CLICK, timeout=PATIENCE, allow_redirects=False)
    except requests.exceptions.SSLError:
        yield bad(title, "There is no safe connection to our own address.", "See the certificate.")
        return
    except requests.exceptions.RequestException:
        yield unknown(title, f"{settings.BASE_URL} could not be reached from here")
        return
    if answer.is_redirect or 300 <= answer.status_code < 400:
        target = urlsplit(answer.headers.get("Location", "")).scheme or "another page"
        yield bad(
            title,
            f"The address redirects (to {target}); mail programs do not follow.",
            "Let BASE_URL be the address at which the site answers itself.",
        )
    elif answer.status_code == 404 and settings.SITE_SHORT_NAME in answer.text:
        yield good(title, "The address takes the POST of a mail program, without a cookie and without a redirect.")
    elif answer.status_code in (502, 503, 504):
        yield warning(title, f"The site answered {answer.status_code}: it is closed just now.", "Check again later.")
    else:
        yield bad(
            title,
            f"The address answered {answer.status_code}, which is not what our program says.",
            "See whether the proxy, or a firewall before it, keeps POSTs from /unsubscribe/.",
        )
