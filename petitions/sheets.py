"""The petition on paper: what a printed sheet carries beside its words."""

import io
import re

import segno
from django.utils.safestring import SafeString, mark_safe

from members.models import SourceCode

IS_CODE = re.compile(r"[a-z0-9-]{1,20}")
LONGEST_NUMBER = 6  # digits of a sheet's number
ROWS = 12  # to sign in; as many as leave room on a Letter page for a Spanish text, which is longer


def qr_code(address: str) -> SafeString:
    """The address as an inline SVG, black on white whatever the scheme; a reader of 2 cm needs no more than this."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=False, omitsize=True, nl=False, border=2, light="#fff",
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 - segno draws squares; the address stands in none of it


def code_of(text: str) -> SourceCode | None:
    """The source code of a sheet, so that what comes of it is credited to its local; None for any other text."""
    if not IS_CODE.fullmatch(text):
        return None
    return SourceCode.objects.select_related("local").filter(code=text, kind=SourceCode.Kind.SHEET).first()
