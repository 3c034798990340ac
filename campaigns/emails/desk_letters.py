"""The letters of the staff's desk: last year's locals invited, the task of the day, what waits for staff."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from campaigns.emails.writing import write
from campaigns.models import Registration, ShipTo, WeekOfAction, WeekTask
from csan.lib.addresses import InvalidAddress
from csan.lib.urls import absolute, absolute_reverse
from members import outbox
from members.models import Message

R = TypeVar("R")


def invitation(registration: Registration, week: WeekOfAction) -> bool:
    """To the contact of an earlier week: take part again. Once for each new week; False where it was said before."""
    language = registration.language
    context: dict[str, Any] = {
        "members_count": registration.members_count,
        "last_year": registration.week.year,
        "starts_on": _day(week.starts_on, language),
        "register_by": _day(week.register_by, language),
        "register_url": absolute_reverse("campaigns:register", week.year, language=language),
    }
    return write(registration, "invitation", key=_about(registration, _invited(week)), week=week, **context)


def address_problem(place: ShipTo) -> bool:
    """To the contact: a parcel may not reach this address. Once for each form of it; False where it was said."""
    registration = place.registration
    key = _about(registration, _of_address(place))
    return write(registration, "address_problem", key=key, ship_lines=place.lines)


def registration_closes(registration: Registration, week: WeekOfAction) -> bool:
    """To who was invited and has not registered: a last word before it closes. Once for each new week."""
    language = registration.language
    context: dict[str, Any] = {
        "last_year": registration.week.year,
        "register_by": _day(week.register_by, language),
        "register_url": absolute_reverse("campaigns:register", week.year, language=language),
    }
    return write(registration, "registration_closes", key=_about(registration, _closing(week)), week=week, **context)


def task_of_the_day(registration: Registration, task: WeekTask, on: date) -> bool:
    """To a local that takes part: what today is for. Once for each day; False where it was said before."""
    language = registration.language
    with translation.override(language):
        title, description = task.local_title, task.local_description
    context: dict[str, Any] = {
        "task": title,
        "description_lines": [line.strip() for line in description.splitlines() if line.strip()],
        "toolkit_url": absolute_reverse("campaigns:week", registration.week.year, language=language),
    }
    return write(registration, "task_of_the_day", key=_about(registration, _of_day(on)), **context)


def without_address_problem(places: list[ShipTo]) -> list[ShipTo]:
    """Those whose local was not asked about this form of the address yet."""
    return _without(places, lambda place: _about(place.registration, _of_address(place)))


def without_invitation(registrations: list[Registration], week: WeekOfAction) -> list[Registration]:
    """Those that were not invited to the week yet."""
    return _without(registrations, lambda row: _about(row, _invited(week)))


def without_reminder(registrations: list[Registration], week: WeekOfAction) -> list[Registration]:
    """Those that did not read yet that the week closes."""
    return _without(registrations, lambda row: _about(row, _closing(week)))


def without_task_of_the_day(registrations: list[Registration], on: date) -> list[Registration]:
    """Those that do not have their letter of the day yet."""
    return _without(registrations, lambda row: _about(row, _of_day(on)))


def digest(user: User, *, on: date, sentences: list[str]) -> bool:
    """To one of the staff: what waits today. Once a day; False where it was said before, or they have no address."""
    with suppress(InvalidAddress):
        return outbox.enqueue(
            key=_of_staff(user, on),
            template="campaigns/staff_digest",
            to=user.email,
            context={
                "sentences": sentences,
                "url": absolute(reverse("admin:campaigns_registration_attention")),
            },
        )
    return False


def without_digest(users: list[User], on: date) -> list[User]:
    """Those who do not have their letter of the day yet."""
    return _without(users, lambda user: _of_staff(user, on))


def _without(rows: list[R], key: Callable[[R], str]) -> list[R]:
    """Those of the rows whose letter, by its key, was not written; one query."""
    keys = {key(row): row for row in rows}
    found = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [row for row_key, row in keys.items() if row_key not in found]


def _of_staff(user: User, on: date) -> str:
    return f"staff:{user.pk}:week-digest:{on}"


def _about(registration: Registration, occasion: str) -> str:
    return f"registration:{registration.pk}:{occasion}"


def _invited(week: WeekOfAction) -> str:
    return f"invited:{week.year}"


def _closing(week: WeekOfAction) -> str:
    return f"closing:{week.year}"


def _of_address(place: ShipTo) -> str:
    return f"address:{sha256(chr(10).join(place.lines).encode()).hexdigest()[:12]}"


def _of_day(on: date) -> str:
    return f"task:{on}"


def _day(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day)
