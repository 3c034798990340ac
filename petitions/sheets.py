"""The petition on paper: what a printed sheet carries beside its words."""

import re

from django.utils.safestring import SafeString

from csan.lib import qr
from members.models import SourceCode

IS_CODE = re.compile(r"[a-z0-9-]{1,20}")
LONGEST_NUMBER = 6  # digits of a sheet's number
ROWS = 11  # to sign in; as many as leave room on a Letter page for a Spanish text and four bills


def qr_code(address: str) -> SafeString:
    """The address to be read by a phone."""
    return qr.drawing(address)


def code_of(text: str) -> SourceCode | None:
    """The source code of a sheet, so that what comes of it is credited to its local; None for any other text."""
    if not IS_CODE.fullmatch(text):
        return None
    return SourceCode.objects.select_related("local").filter(code=text, kind=SourceCode.Kind.SHEET).first()
