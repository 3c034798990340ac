"""The petition on paper: what a printed sheet carries beside its words."""

from django.utils.safestring import SafeString

from csan.lib import qr

ROWS = 12  # to sign in; as many as leave room on a Letter page for a Spanish text, which is longer


def qr_code(address: str) -> SafeString:
    """The address to be read by a phone."""
    return qr.drawing(address)
