"""One letter to one person: three templates, our own Message-ID, a text part that was written and not derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from csan.lib.mail.html import render_html
from csan.lib.urls import absolute


@dataclass(frozen=True)
class Letter:
    """What a letter says and to whom. `reference` is ours, opaque; a mail service gives it back with its events."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    reference: str
    stream: str = "transactional"
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_email(self) -> EmailMultiAlternatives:
        """The letter for Django's backends. Exactly one recipient, asserted here for every letter of ours."""
        if not self.to or "," in self.to or self.to.count("@") != 1:
            raise ValueError("A letter has exactly one recipient")
        email = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[self.to],
            reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
            headers={"Message-ID": self.message_id, **self.headers},
            alternatives=[(self.html, "text/html")],
        )
        email.metadata = {"letter": self.reference}  # type: ignore[attr-defined]  # anymail's extension
        email.tags = [self.stream]  # type: ignore[attr-defined]  # anymail's extension
        return email

    def as_bytes(self) -> bytes:
        """The letter as it goes over the wire, lines ending in CRLF."""
        message: Any = self.as_email().message()  # Django gives as_bytes a line ending, which the types do not know
        return bytes(message.as_bytes(linesep="\r\n"))


def build(
    template: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, Any],
    reference: str,
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """A letter from `mail/<template>.subject.txt`, `.txt` and `.mjml`, in the given language.

    `template` is written `app/name`. Automatic letters say so (RFC 3834), that vacation programs stay quiet.
    Raises BrokenMarkup.
    """
    with translation.override(language):
        values = {**common_values(language), **context}
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", values).split())
        text, html = render_parts(template, {**values, "subject": subject})
    return Letter(
        to=to,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id(reference),
        reference=reference,
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    )


def common_values(language: str) -> dict[str, Any]:
    """What every letter's templates may say, in the language that is active."""
    return {
        "site_name": settings.SITE_NAME,
        "site_short_name": settings.SITE_SHORT_NAME,
        "site_url": absolute(reverse("home")),
        "postal_address": settings.POSTAL_ADDRESS,
        "language": language,
    }


def render_parts(template: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """The text and the HTML of a letter, in the language that is active. `values` have its `subject`, too.

    Raises BrokenMarkup.
    """
    text = render_to_string(f"mail/{template}.txt", dict(values)).strip() + "\n"
    return text, render_html(template, dict(values))


def message_id(reference: str) -> str:
    """Our Message-ID for a reference: the same letter has the same one however often it is built."""
    return f"<{reference}@{settings.MAIL_DOMAIN}>"
