"""What we keep of a local's contact, for those who take their data along."""

from typing import Any

from campaigns.models import Colleague, OtherContact, Registration, Report
from csan.lib.addresses import email_key as key_of
from members import outbox

KEPT = (
    "contact_name", "contact_role", "email", "phone", "language", "status", "notes", "created_at", "changed_at",
    "district", "mail_address1", "mail_address2", "mail_city", "mail_state", "mail_zip",
)  # fmt: skip
OF_PLACE = (
    "label",
    "members_count",
    "name",
    "address1",
    "address2",
    "city",
    "state",
    "zip_code",
    "receiving_hours",
    "is_home",
)

OF_CHANGE = ("status", "wanted", "why", "answer", "asked_by", "asked_at")


def of_mailbox(email_key: str) -> list[dict[str, Any]]:
    """Every registration whose contact writes from this mailbox, and those of others that they registered again."""
    registrations = Registration.objects.filter(email_key=email_key).select_related("week", "local", "report")
    registrations = registrations.order_by("pk").prefetch_related(
        "boxes", "places", "change_requests", "calls", "report__photos"
    )
    own = [
        {
            "local": str(each.local),
            "year": each.week.year,
            **{name: getattr(each, name) for name in KEPT},
            "places": [{name: getattr(place, name) for name in OF_PLACE} for place in each.places.all()],
            "changes_asked": [
                {name: getattr(change, name) for name in OF_CHANGE} for change in each.change_requests.all()
            ],
            "calls": [{"made_at": call.made_at, "note": call.note} for call in each.calls.all()],
            "report": _report_of(each),
            "letters": outbox.told(outbox.letters_about(*_subjects(each))),
        }
        for each in registrations
    ]
    # Few, and without a column for the mailbox: each address is looked at.
    others = OtherContact.objects.select_related("registration__week", "registration__local").order_by("pk")
    return (
        own
        + _as_colleague(email_key)
        + [
            {
                "local": str(each.registration.local),
                "year": each.registration.week.year,
                "contact_name": each.name,
                "contact_role": each.role,
                "email": each.email,
                "phone": each.phone,
                "typed": each.typed,
                "created_at": each.created_at,
            }
            for each in others
            if key_of(each.email) == email_key
        ]
    )


def _as_colleague(email_key: str) -> list[dict[str, Any]]:
    """Each registration that somebody else's contact let them see and change."""
    colleagues = Colleague.objects.select_related("registration__week", "registration__local").order_by("pk")
    return [
        {
            "local": str(each.registration.local),
            "year": each.registration.week.year,
            "name": each.name,
            "role": each.role,
            "email": each.email,
            "added_at": each.added_at,
            "removed_at": each.removed_at,
            "letters": outbox.told(outbox.letters_about(f"colleague:{each.pk}")),
        }
        for each in colleagues
        if key_of(each.email) == email_key
    ]


def _report_of(registration: Registration) -> dict[str, Any] | None:
    """What was told in the words of whoever wrote it."""
    report: Report | None = getattr(registration, "report", None)
    if report is None:
        return None
    return {"sentence": report.sentence, "photos": [photo.alt for photo in report.photos.all()]}


def _subjects(registration: Registration) -> list[str]:
    """What the letters to a registration's contact are about: itself, and its boxes."""
    return [f"registration:{registration.pk}", *(f"box:{box.pk}" for box in registration.boxes.all())]
