"""Registering a local, changing and withdrawing the registration, and what staff decide about it.

A form never tells whether a local was registered before: `register` gives nothing back, and what there is to say
is said in a letter to the one who registered first.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from campaigns.boxes import waves
from campaigns.emails import registration_letters
from campaigns.entering import branches, merging
from campaigns.entering.branches import Branch
from campaigns.models import Box, OtherContact, Registration, Report, ShipTo, WeekOfAction
from campaigns.reports import moderating
from csan.lib import audit
from csan.lib.addresses import email_key
from members import subscriptions
from members.models import Local

# The fields of the public form that tell the main place, and what its columns are called.
OF_PLACE = {
    "ship_name": "name",
    "ship_address1": "address1",
    "ship_address2": "address2",
    "ship_city": "city",
    "ship_state": "state",
    "ship_zip": "zip_code",
    "receiving_hours": "receiving_hours",
    "ship_is_home": "is_home",
}
# What stands in rows of its own, not in the columns of the registration.
ELSEWHERE = {"tasks", "branches", "ship_uses_standard", *OF_PLACE}
MAX_TOLD = 5  # letters about other contacts; more would let a stranger flood the first one's mailbox


class RegistrationClosed(Exception):
    """The week is not open for registration: its last day is over, or it is not public."""


class Frozen(Exception):
    """The registration can no longer be changed by its link: the freeze day is over, or its box has left."""


class NotLiving(Exception):
    """The registration was declined or withdrawn."""


class BoxHasLeft(Exception):
    """A box is on its way or there already, so the registration cannot be withdrawn."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an officer tells about the local's part in the week. `tasks` are codes of the week's tasks."""

    contact_name: str
    contact_role: str = ""
    phone: str
    members_count: int
    tasks: tuple[str, ...] = ()
    ship_name: str
    ship_address1: str
    ship_address2: str = ""
    ship_city: str
    ship_state: str
    ship_zip: str
    receiving_hours: str = ""
    ship_is_home: bool = False
    ship_uses_standard: bool = False
    branches: tuple[Branch, ...] = ()
    mail_address1: str = ""
    mail_address2: str = ""
    mail_city: str = ""
    mail_state: str = ""
    mail_zip: str = ""
    district: str = ""
    needs_staff_help: bool = False
    notes: str = ""

    def columns(self) -> dict[str, Any]:
        """The values of the registration's own columns: all but the tasks and the places."""
        return {name: value for name, value in asdict(self).items() if name not in ELSEWHERE}

    def place(self) -> dict[str, Any]:
        """The values of the main place's columns, as they were typed."""
        return {column: getattr(self, name) for name, column in OF_PLACE.items()}

    def judged(self) -> dict[str, Any]:
        """What we think of the address, and in which of the two forms it is to be printed."""
        return branches.judged(self.place(), wants_standard=self.ship_uses_standard)

    def in_json(self) -> dict[str, Any]:
        """All of it as JSON gives it back."""
        return {**asdict(self), "tasks": list(self.tasks), "branches": [asdict(each) for each in self.branches]}


@dataclass(frozen=True, kw_only=True)
class NewsletterYes:
    """The newsletter's box was ticked: beside which sentence, and on which page."""

    wording: str
    source: str


@transaction.atomic
def register(
    *,
    week: WeekOfAction,
    affiliate: str,
    number: str,
    email: str,
    details: Details,
    language: str = "en",
    suspicion: int = 0,
    newsletter: NewsletterYes | None = None,
) -> None:
    """Register a local. Raises RegistrationClosed.

    Where it is registered already nothing about it changes: its contact gets the receipt again, and somebody else
    is kept as another contact, of whom the first contact is told. A yes to the newsletter stands by itself: it is
    confirmed by its own letter, because a registration proves nothing about the address.
    """
    if not week.is_open:
        raise RegistrationClosed
    local, _ = Local.objects.get_or_create(affiliate=affiliate, number=number)
    fresh = Registration(
        week=week,
        local=local,
        email=email,
        email_key=email_key(email),
        language=language,
        suspicion=suspicion,
        **details.columns(),
    )
    living = _insert_or_find(fresh)
    if living.key == fresh.key:
        _write_rows_of(living, details)
    if living.email_key == fresh.email_key:
        registration_letters.registration_received(living)
    else:
        _keep_other_contact(living, email, details)
    if newsletter:
        subscriptions.subscribe(
            email=email, local=str(local), language=language, wording=newsletter.wording, source=newsletter.source
        )


def _write_rows_of(registration: Registration, details: Details) -> None:
    ShipTo.objects.create(registration=registration, **details.place(), **details.judged())
    branches.write_branches(registration, details.branches)
    registration.tasks.set(registration.week.tasks.filter(code__in=details.tasks))


def _insert_or_find(fresh: Registration) -> Registration:
    """The local's living registration in this week: `fresh` itself, or the one that was there before it.

    ON CONFLICT DO NOTHING waits for a rival that has not committed yet. It is asked again where the rival, or the
    one that was there, was withdrawn in the moment between.
    """
    while True:
        Registration.objects.bulk_create([fresh], ignore_conflicts=True)
        same = Registration.objects.living().filter(week=fresh.week, local=fresh.local)
        if found := same.select_related("week", "local").first():
            return found


def _keep_other_contact(registration: Registration, email: str, details: Details) -> None:
    """The registration is held meanwhile: of many strangers at once each counts, and is counted by the others."""
    Registration.objects.select_for_update().get(pk=registration.pk)
    contact, _ = OtherContact.objects.get_or_create(
        registration=registration,
        email=email,
        defaults={"name": details.contact_name, "role": details.contact_role, "phone": details.phone},
    )
    typed = details.in_json()
    if typed not in contact.typed:
        contact.typed = [*contact.typed, typed]
        contact.save(update_fields=["typed"])
    if registration.other_contacts.filter(pk__lt=contact.pk).count() < MAX_TOLD:
        contact.registration = registration
        registration_letters.someone_else_registered(contact)


def taking_part_by_state(week: WeekOfAction) -> dict[str, int]:
    """How many locals take part, by the two letters of the local's state, else of the box's.

    Only those that staff approved: a number that moved with each registration would tell whether a local was new.
    """
    shipped_to = ShipTo.objects.filter(registration=OuterRef("pk"), position=1).values("state")
    state = Coalesce(NullIf(F("local__state"), Value("")), Subquery(shipped_to))
    approved = week.registrations.filter(status=Registration.Status.APPROVED)
    return dict(approved.values(home=state).annotate(count=Count("pk")).values_list("home", "count"))


def can_be_changed(registration: Registration) -> bool:
    """Whether the local may still change it by its link."""
    return not registration.is_frozen and can_be_withdrawn(registration)


def can_be_withdrawn(registration: Registration) -> bool:
    """Whether the local may still withdraw it: it lives, and no box has left."""
    return registration.is_living and not registration.boxes.filter(status__in=Box.UNDER_WAY).exists()


@transaction.atomic
def change_registration(*, registration: Registration, details: Details) -> Registration:
    """Correct what the local told us. Raises NotLiving, Frozen or PlaceInUse."""
    held = Registration.objects.select_for_update(of=("self",)).select_related("week").get(pk=registration.pk)
    if not held.is_living:
        raise NotLiving
    if not can_be_changed(held):
        raise Frozen
    write_details(held, details)
    return held


def write_details(held: Registration, details: Details) -> None:
    """What the local told us is now this. Raises PlaceInUse. The caller holds the row and has asked whether it may."""
    columns = {**details.columns(), "changed_at": timezone.now()}
    for name, value in columns.items():
        setattr(held, name, value)
    held.save(update_fields=list(columns))
    now = branches.place_now(held.place, details.place(), wants_standard=details.ship_uses_standard)
    held.places.filter(position=1).update(**now)
    branches.write_branches(held, details.branches)
    held.tasks.set(held.week.tasks.filter(code__in=details.tasks))


def details_of(registration: Registration) -> Details:
    """What the local has told us so far."""
    own = [name for name in Details.__dataclass_fields__ if name not in ELSEWHERE]
    return Details(
        **{name: getattr(registration, name) for name in own},
        **{name: getattr(registration.place, column) for name, column in OF_PLACE.items()},
        ship_uses_standard=registration.place.uses_standard,
        branches=branches.branches_of(registration),
        tasks=tuple(registration.tasks.order_by("position", "pk").values_list("code", flat=True)),
    )


@transaction.atomic
def withdraw_registration(*, registration: Registration, by: User | None = None) -> bool:
    """The local takes no part; a box that has not left is cancelled. Raises BoxHasLeft. `by` staff, who were asked to.

    False where there was nothing to withdraw. Afterwards the local may register anew.
    """
    withdrawn = (
        Registration.objects.living()
        .filter(pk=registration.pk)
        .update(status=Registration.Status.WITHDRAWN, withdrawn_at=timezone.now(), approved_at=None, approved_by=None)
    )
    if not withdrawn:
        return False
    boxes = Box.objects.filter(registration=registration.pk)
    if boxes.filter(status__in=Box.UNDER_WAY).exists():
        raise BoxHasLeft
    for box in boxes.filter(status__in=Box.WAITING).order_by("pk"):
        waves.cancel_box(box=box, by=by)
    moderating.take_photos_off(Report.objects.filter(registration=registration.pk))
    if by:
        audit.record(by=by, objects=[registration], did="Withdrew as the local asked")
    return True


@transaction.atomic
def approve(*, registrations: Iterable[Registration], by: User) -> int:
    """Let the locals take part and tell them. Only registrations that wait; the number of those is given back."""
    waiting = Registration.objects.filter(
        pk__in=[each.pk for each in registrations], status=Registration.Status.RECEIVED
    )
    rows = list(waiting.select_for_update(of=("self",)).select_related("week", "local").order_by("pk"))
    approved = Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Registration.Status.APPROVED, approved_at=timezone.now(), approved_by=by
    )
    for row in rows:
        registration_letters.registration_approved(row)
    merging.make_codes(rows)
    audit.record(by=by, objects=rows, did="Approved")
    return approved


@transaction.atomic
def decline(*, registrations: Iterable[Registration], by: User) -> int:
    """Say no, also to what was approved as long as no box has left. How many were declined is given back."""
    living = Registration.objects.living().filter(pk__in=[each.pk for each in registrations])
    held = living.select_for_update(of=("self",)).select_related("week", "local").order_by("pk")
    under_way = set(
        Box.objects.filter(registration__in=[row.pk for row in held], status__in=Box.UNDER_WAY).values_list(
            "registration", flat=True
        )
    )
    rows = [row for row in held if row.pk not in under_way]
    pks = [row.pk for row in rows]
    declined = Registration.objects.filter(pk__in=pks).update(
        status=Registration.Status.DECLINED, declined_at=timezone.now(), approved_at=None, approved_by=None
    )
    for box in Box.objects.filter(registration__in=pks, status__in=Box.WAITING).order_by("pk"):
        waves.cancel_box(box=box, by=by)
    moderating.take_photos_off(Report.objects.filter(registration__in=pks))
    audit.record(by=by, objects=rows, did="Declined")
    return declined
