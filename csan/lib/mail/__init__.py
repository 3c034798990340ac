"""The only door to Django's e-mail API.

`letter.py` builds one letter for one person from three templates · `html.py` makes its HTML out of MJML, in the
site's colours, which `palette.py` knows · `skeleton.py` holds a letter that differs from person to person by a few
tokens, as ready bytes · `transport.py` hands bytes to a mail server or service and says what became of them ·
`files.py` writes letters to a folder, for local runs.
"""

from django.core.mail import EmailMultiAlternatives

from csan.lib.mail.html import BrokenMarkup
from csan.lib.mail.letter import Letter, build, common_values, render_parts
from csan.lib.mail.skeleton import BrokenSkeleton, Skeleton
from csan.lib.mail.transport import Outcome, Transport, Verdict, open_transport

__all__ = [
    "BrokenMarkup",
    "BrokenSkeleton",
    "EmailMultiAlternatives",
    "Letter",
    "Outcome",
    "Skeleton",
    "Transport",
    "Verdict",
    "build",
    "common_values",
    "open_transport",
    "render_parts",
]
