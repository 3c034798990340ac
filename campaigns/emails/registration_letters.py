"""The letters about a registration and its box: received, somebody else too, approved, shipped."""

from datetime import date

from django.utils import timezone, translation
from django.utils.formats import date_format

from campaigns.emails.writing import write
from campaigns.models import Box, BoxLine, OtherContact, Registration
from csan.lib.urls import absolute_reverse
from members import outbox


def registration_received(registration: Registration) -> None:
    """The receipt with the private link; again for who registers again, once in a quiet period.

    The periods are counted from the registration itself, so that a button pressed twice never falls into two.
    """
    period = int((timezone.now() - registration.created_at).total_seconds()) // outbox.QUIET
    write(
        registration,
        "registration_received",
        key=f"registration:{registration.pk}:received:{period}",
        members_count=registration.members_count,
        ship_lines=registration.ship_lines,
        branches=[
            {"label": place.label, "members_count": place.members_count, "lines": place.lines}
            for place in registration.places.filter(position__gt=1).order_by("position")
        ],
        mail_lines=registration.mail_lines,
        freeze_on=_day(registration.freezes_on, registration.language),
        calendar_url=absolute_reverse(
            "campaigns:registration-calendar", registration.key, language=registration.language
        ),
    )


def someone_else_registered(contact: OtherContact) -> None:
    """To who registered first, with the page where they say who the other one is; the letter itself does not tell."""
    registration = contact.registration
    others = absolute_reverse("campaigns:registration-others", registration.key, language=registration.language)
    key = f"registration:{registration.pk}:someone-else:{contact.pk}"
    write(registration, "someone_else_registered", key=key, others_url=others)


def registration_approved(registration: Registration) -> None:
    """You take part; a box will come."""
    week, language = registration.week, registration.language
    write(
        registration,
        "registration_approved",
        key=f"registration:{registration.pk}:approved",
        members_count=registration.members_count,
        ship_lines=registration.ship_lines,
        freeze_on=_day(registration.freezes_on, language),
        ship_by=_day(week.ship_by, language),
    )


def box_shipped(box: Box, tracking_url: str) -> None:
    """The box has left: what is in it, and how to follow it. `tracking_url` is empty where the carrier has no page."""
    registration = box.registration
    lines = BoxLine.objects.filter(box=box).select_related("item").order_by("item__sku")
    with translation.override(registration.language):
        contents = [f"{line.laid_in} × {line.item.local_name}" for line in lines if line.laid_in]
    write(
        registration,
        "box_shipped",
        key=f"box:{box.pk}:shipped",
        contents=contents,
        code=box.code,
        carrier=box.get_carrier_display() if box.carrier != Box.Carrier.OTHER else "",
        tracking_number=box.tracking_number,
        tracking_url=tracking_url,
        ship_lines=box.place.lines,
    )


def _day(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day)
