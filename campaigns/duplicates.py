"""A registration and what others typed for the same local, beside each other."""

from dataclasses import dataclass
from typing import Any

from campaigns.models import OtherContact, Registration
from campaigns.registering import OF_PLACE, Details

WORDS = {
    "contact_name": "contact", "contact_role": "role", "email": "e-mail", "phone": "telephone",
    "members_count": "members", "tasks": "tasks", "ship_name": "attention of", "ship_address1": "street address",
    "ship_address2": "suite, floor", "ship_city": "city", "ship_state": "state", "ship_zip": "ZIP code",
    "receiving_hours": "receiving hours", "needs_staff_help": "asks for help", "notes": "notes",
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
    rows = [Row(label, [_said(each.get(name)) for each in told]) for name, label in WORDS.items()]
    return [row for row in rows if any(row.answers)]


def _of_registration(registration: Registration) -> dict[str, Any]:
    values = {name: getattr(registration, name, "") for name in Details.__dataclass_fields__}
    values |= {name: getattr(registration.place, column) for name, column in OF_PLACE.items()}
    tasks = list(registration.tasks.order_by("position", "pk").values_list("code", flat=True))
    return {**values, "tasks": tasks, "email": registration.email}


def _of_contact(contact: OtherContact) -> dict[str, Any]:
    typed = contact.typed[-1] if contact.typed else {}
    own = {"contact_name": contact.name, "contact_role": contact.role, "phone": contact.phone}
    return {**own, **typed, "email": contact.email}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
