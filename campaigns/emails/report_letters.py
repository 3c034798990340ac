"""The letters around a local's report: please tell us, and thank you."""

from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from campaigns.models import Registration
from csan.lib.urls import absolute_reverse
from members import outbox


def thank_you(registration: Registration) -> None:
    """The report is done. Once."""
    _enqueue(registration, "report_thanks", f"registration:{registration.pk}:report-thanks")


def remind(registration: Registration, days: int) -> bool:
    """So many days after the week. Once for each number; False where it was written before."""
    with translation.override(registration.language):
        report_by = date_format(registration.week.report_by)
    key = f"registration:{registration.pk}:report-reminder:{days}"
    return _enqueue(registration, "report_reminder", key, report_by=report_by)


def _enqueue(registration: Registration, name: str, key: str, **more: Any) -> bool:
    language = registration.language
    with translation.override(language):
        theme = registration.week.local_theme
    return outbox.enqueue(
        key=key,
        template=f"campaigns/{name}",
        to=registration.email,
        language=language,
        context={
            "name": registration.contact_name,
            "local": str(registration.local),
            "year": registration.week.year,
            "theme": theme,
            "report_url": absolute_reverse("campaigns:registration-report", registration.key, language=language),
            "registration_url": absolute_reverse("campaigns:registration", registration.key, language=language),
            **more,
        },
    )
