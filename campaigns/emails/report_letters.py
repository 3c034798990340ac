"""The letters around a local's report: please tell us, and thank you."""

from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from campaigns.emails.writing import write
from campaigns.models import Registration
from csan.lib.urls import absolute_reverse


def thank_you(registration: Registration) -> None:
    """The report is done. Once."""
    _write(registration, "report_thanks", f"registration:{registration.pk}:report-thanks")


def remind(registration: Registration, days: int) -> bool:
    """So many days after the week. Once for each number; False where it was written before."""
    with translation.override(registration.language):
        report_by = date_format(registration.week.report_by)
    key = f"registration:{registration.pk}:report-reminder:{days}"
    return _write(registration, "report_reminder", key, report_by=report_by)


def _write(registration: Registration, name: str, key: str, **more: Any) -> bool:
    report = absolute_reverse("campaigns:registration-report", registration.key, language=registration.language)
    return write(registration, name, key=key, report_url=report, **more)
