"""Which carrier the settings name."""

from anymail.backends.base import AnymailBaseBackend
from django.conf import settings
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from csan.lib.mail.service import ServiceCarrier
from csan.lib.mail.smtp import SmtpCarrier
from csan.lib.mail.transport import Carrier


def open_carrier() -> Carrier:
    """By `EMAIL_URL`, `MAIL_MODE` and `MAIL_THREADS`. Nothing is connected yet."""
    backend = mail.get_connection()
    if isinstance(backend, SmtpBackend):
        return SmtpCarrier(settings.MAIL_THREADS)
    if isinstance(backend, AnymailBaseBackend):
        return ServiceCarrier(settings.MAIL_THREADS, settings.MAIL_TOGETHER if settings.MAIL_MODE == "batch" else 1)
    return ServiceCarrier(1)  # files
