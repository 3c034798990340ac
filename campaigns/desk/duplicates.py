"""A registration and what others typed for the same local, beside each other."""

from dataclasses import dataclass
from typing import Any

from campaigns.entering.branches import Branch
from campaigns.entering.registering import details_of
from campaigns.models import OtherContact, Registration

WORDS = {
    "contact_name": "contact", "contact_role": "role", "email": "e-mail", "phone": "telephone",
    "members_count": "members", "tasks": "tasks", "ship_name": "attention of", "ship_address1": "street address",
    "ship_address2": "suite, floor", "ship_city": "city", "ship_state": "state", "ship_zip": "ZIP code",
    "receiving_hours": "receiving hours", "branches": "other places", "mail_address1": "mailing address",
    "mail_address2": "mailing address, second line", "mail_city": "city for mail", "mail_state": "state for mail",
    "mail_zip": "ZIP code for mail", "district": "district", "needs_staff_help": "asks for help", "notes": "notes",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One thing that was asked: what each of them answered, the registration first."""

    label: str
    answers: list[str]

    @property
    def differs(self) -> bool:
        """Whether they do not all say the same."""
        return len(set(self.answers)) > 1


def side_by_side(registration: Registration) -> list[Row]:
    """What the registration says and what each other contact sent last; nothing where nobody else registered it.

    Rows that all leave empty are left out.
    """
    others = list(registration.other_contacts.order_by("pk"))
    if not others:
        return []
    told = [_of_registration(registration), *(_of_contact(each) for each in others)]
    rows = [Row(label, [said(each.get(name)) for each in told]) for name, label in WORDS.items()]
    return [row for row in rows if any(row.answers)]


def _of_registration(registration: Registration) -> dict[str, Any]:
    return {**details_of(registration).in_json(), "email": registration.email}


def _of_contact(contact: OtherContact) -> dict[str, Any]:
    typed = contact.typed[-1] if contact.typed else {}
    own = {"contact_name": contact.name, "contact_role": contact.role, "phone": contact.phone}
    return {**own, **typed, "email": contact.email}


def said(value: Any) -> str:
    """An answer in words, as staff read it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, dict):
        return Branch(**value).words
    return "; ".join(map(said, value)) if isinstance(value, list | tuple) else str(value or "")
