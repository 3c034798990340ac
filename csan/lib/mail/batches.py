"""One message for many readers, which the mail service takes apart and makes each reader's own.

Only for services that personalise headers and body of a message that is not stored with them: each has its own way to
write a hole, which is what `PLACES` knows. Sources: documentation.mailgun.com, "Batch sending" (recipient variables);
dev.mailjet.com, "Use the template language" ([[var:…]]); headers are django-anymail's `merge_headers`.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from csan.lib.mail.letter import Letter
from csan.lib.mail.skeleton import TEXT_TOKEN, fill_text

PLACES: Mapping[str, Callable[[str], str]] = {
    "mailgun": lambda name: f"%recipient.{name}%",
    "mailjet": lambda name: f"[[var:{name}]]",
}
THEIRS = {
    "mailgun": re.compile(r"%recipient"),
    "mailjet": re.compile(r"\[\[|\{\{|\{%"),
}  # what they would not leave alone
EXTRAS = {"mailjet": {"Globals": {"TemplateLanguage": True}}}

Reader = tuple[str, str, Mapping[str, str]]  # address, reference, values of the holes


def is_fit_for_batch(general: Letter) -> bool:
    """Whether its own words hold nothing that the service would take for its language."""
    return not any(
        THEIRS[settings.MAIL_SERVICE].search(part) for part in (general.subject, general.text, general.html)
    )


def batch_email(general: Letter, *, readers: Sequence[Reader]) -> EmailMultiAlternatives:
    """The rendition to several readers. `merge_data` and its kin are what keeps them apart: see `privacy.py`."""
    place = PLACES[settings.MAIL_SERVICE]

    def with_places(text: str) -> str:
        return TEXT_TOKEN.sub(lambda match: place(match[1]), text)

    email = EmailMultiAlternatives(
        subject=with_places(general.subject),
        body=with_places(general.text),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to for to, _, _ in readers],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        alternatives=[(with_places(general.html), "text/html")],
    )
    merged = {
        "merge_data": {to: dict(values) for to, _, values in readers},
        "merge_metadata": {to: {"letter": reference} for to, reference, _ in readers},
        "merge_headers": {
            to: {name: fill_text(value, values) for name, value in general.headers.items()}
            for to, _, values in readers
        },
        "tags": [general.stream],
        "esp_extra": EXTRAS.get(settings.MAIL_SERVICE, {}),
    }
    for name, value in merged.items():
        setattr(email, name, value)
    return email
