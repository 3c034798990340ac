"""Changes after the freeze: the local asks, staff say yes, and it is made, or no, and why."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.emails import local_letters
from campaigns.entering.branches import Branch
from campaigns.entering.registering import (
    OF_PLACE,
    Details,
    can_be_changed,
    can_be_withdrawn,
    details_of,
    write_details,
)
from campaigns.models import Box, ChangeRequest, Registration
from csan.lib import audit

Status = ChangeRequest.Status


class CannotAsk(Exception):
    """The local can still change it itself, or a box has left, or it takes no part any more."""


class AskedAlready(Exception):
    """A change that the local asked for waits for staff: it takes that back first."""


class NothingChanged(Exception):
    """The form says what we know already."""


@dataclass(frozen=True)
class Difference:
    """A field as it stands, and as the local wants it."""

    field: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        """The field's name in words."""
        said = {"branches": "Other places", "mail_zip": "Mailing address: ZIP code"}
        words = self.field.removeprefix("ship_").replace("mail_", "mailing address: ").replace("_", " ").capitalize()
        return said.get(self.field, words)

    @property
    def before_words(self) -> str:
        return _in_words(self.before)

    @property
    def after_words(self) -> str:
        return _in_words(self.after)


def can_be_asked(registration: Registration) -> bool:
    """Whether the local may ask staff for a change: after the freeze, as long as no box has left."""
    return not can_be_changed(registration) and can_be_withdrawn(registration)


@transaction.atomic
def ask_change(*, registration: Registration, details: Details, why: str, asked_by: str) -> ChangeRequest:
    """Keep what the local wants changed, for staff. Raises CannotAsk, NothingChanged or AskedAlready."""
    if not can_be_asked(registration):
        raise CannotAsk
    before, after = details_of(registration).in_json(), details.in_json()
    wanted = {name: _plain(value) for name, value in after.items() if _plain(value) != _plain(before[name])}
    if not wanted:
        raise NothingChanged
    try:
        with transaction.atomic():
            return ChangeRequest.objects.create(registration=registration, wanted=wanted, why=why, asked_by=asked_by)
    except IntegrityError as error:
        if "campaigns_changerequest_one_open" not in str(error):
            raise
        raise AskedAlready from error


def _plain(value: Any) -> Any:
    """As JSON gives it back; the order in which tasks were ticked says nothing."""
    return sorted(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        told = [Branch(**each).words if isinstance(each, dict) else str(each) for each in value]
        value = ("; " if any(isinstance(each, dict) for each in value) else ", ").join(told)
    return str(value) or "–"


@transaction.atomic
def take_back(*, registration: Registration) -> bool:
    """The local does not want the change any more. False where none waits."""
    waiting = ChangeRequest.objects.filter(registration=registration.pk, status=Status.ASKED)
    return bool(waiting.update(status=Status.TAKEN_BACK, decided_at=timezone.now()))


def differences(request: ChangeRequest) -> list[Difference]:
    """What would change, beside how it stands now."""
    now = details_of(request.registration).in_json()
    wanted = request.wanted
    return [Difference(name, _plain(value), wanted[name]) for name, value in now.items() if name in wanted]


def moves_a_packed_box(request: ChangeRequest) -> bool:
    """Whether the address would change under a box that has its label."""
    packed = request.registration.boxes.filter(status__in=(Box.Status.PACKED, Box.Status.CHECKED))
    return bool({"branches", *OF_PLACE} & request.wanted.keys()) and packed.exists()


@transaction.atomic
def approve_change(*, request: ChangeRequest, answer: str = "", by: User) -> bool:
    """Make the change and tell the local, once. Raises CannotAsk where a box has left or the local has withdrawn, and
    PlaceInUse.

    False where it was decided before. Only what was asked for is written: what staff corrected meanwhile stays.
    """
    held = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("week", "local")
        .get(pk=request.registration_id)
    )
    if not _decide(request, Status.APPROVED, answer, by):
        return False
    if not can_be_withdrawn(held):
        raise CannotAsk
    known = {name: value for name, value in request.wanted.items() if name in Details.__dataclass_fields__}
    if "tasks" in known:
        known["tasks"] = tuple(known["tasks"])
    if "branches" in known:
        known["branches"] = tuple(Branch(**each) for each in known["branches"])
    write_details(held, replace(details_of(held), **known))
    request.registration = held
    local_letters.change_approved(request)
    audit.record(by=by, objects=[held], did="Approved a change", fields=", ".join(sorted(known)))
    return True


@transaction.atomic
def decline_change(*, request: ChangeRequest, answer: str, by: User) -> bool:
    """It stays as it is; the local is told why, once. False where it was decided before."""
    if not _decide(request, Status.DECLINED, answer, by):
        return False
    request.registration = Registration.objects.select_related("week", "local").get(pk=request.registration_id)
    local_letters.change_declined(request)
    audit.record(by=by, objects=[request.registration], did="Declined a change")
    return True


def _decide(request: ChangeRequest, status: ChangeRequest.Status, answer: str, by: User) -> bool:
    waiting = ChangeRequest.objects.filter(pk=request.pk, status=Status.ASKED)
    if not waiting.update(status=status, answer=answer, decided_at=timezone.now(), decided_by=by):
        return False
    request.refresh_from_db()
    return True
