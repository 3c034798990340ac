"""The only door to Django's e-mail API.

`letter.py` builds one letter for one person from three templates · `html.py` makes its HTML out of MJML, in the
site's colours, which `palette.py` knows · `skeleton.py` holds a letter that differs from person to person by a few
tokens, as ready bytes · `carriers.py` opens what the settings name: `smtp.py` for a mail server, `service.py` for a
mail service (with `batches.py` for those that personalise), `files.py` for a folder in local runs; what they share is
in `transport.py`, and what is said over one SMTP connection in `wire.py` · `bounces.py` knows services' words for a
dead mailbox · `verdicts.py` says what became of a letter ·
`privacy.py` sees that nobody is shown another's address.
"""

from django.core.mail import EmailMultiAlternatives

from csan.lib.mail.carriers import open_carrier
from csan.lib.mail.html import BrokenMarkup
from csan.lib.mail.letter import Letter, build, common_values, render_parts
from csan.lib.mail.privacy import Exposed
from csan.lib.mail.skeleton import BrokenSkeleton, Skeleton
from csan.lib.mail.transport import Carrier, Handing
from csan.lib.mail.verdicts import STOPS, Outcome, Verdict

__all__ = [
    "STOPS",
    "BrokenMarkup",
    "BrokenSkeleton",
    "Carrier",
    "EmailMultiAlternatives",
    "Exposed",
    "Handing",
    "Letter",
    "Outcome",
    "Skeleton",
    "Verdict",
    "build",
    "common_values",
    "open_carrier",
    "render_parts",
]
