"""Registering, changing, withdrawing, and what staff decide."""

from dataclasses import replace

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from campaigns.entering import registering
from campaigns.entering.registering import BoxHasLeft, Details, Frozen, NotLiving, RegistrationClosed
from campaigns.models import Box, OtherContact, Registration
from csan.lib.addresses import email_key
from members.models import Local, Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory, WeekTaskFactory, day
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db

DETAILS = Details(
    contact_name="Ada Reyes",
    contact_role="President",
    phone="202-555-0134",
    members_count=140,
    ship_name="Ada Reyes",
    ship_address1="501 Third Street NW",
    ship_city="Washington",
    ship_state="DC",
    ship_zip="20001",
)
STATES = Registration.Status


def register(week, email="ada@example.org", **details) -> None:
    """Local 1101 registers."""
    registering.register(week=week, affiliate="CWA", number="1101", email=email, details=replace(DETAILS, **details))


def letters(template: str) -> list[str]:
    """To whom letters of this kind were written."""
    return list(Message.objects.filter(template=f"campaigns/{template}").order_by("pk").values_list("to", flat=True))


def test_a_registration_is_kept_as_it_was_told():
    week = WeekFactory()
    chosen = WeekTaskFactory(week=week, code="letter")
    WeekTaskFactory(week=week, code="petition")
    elsewhere = WeekTaskFactory(code="party")

    register(week, tasks=("letter", elsewhere.code), needs_staff_help=True, notes="We march.")

    registration = Registration.objects.get()
    assert str(registration.local) == "CWA Local 1101"
    assert registration.status == STATES.RECEIVED
    assert registration.email_key == email_key("ada@example.org")
    assert list(registration.tasks.all()) == [chosen]
    assert (registration.needs_staff_help, registration.notes) == (True, "We march.")
    assert registration.ship_lines == ["Ada Reyes", "501 Third Street NW", "Washington, DC 20001"]


def test_a_local_that_is_known_is_found_again():
    local = LocalFactory(number="1101", district="1")
    register(WeekFactory())
    assert Registration.objects.get().local == local


def test_the_receipt_is_written_once_however_often_one_presses():
    week = WeekFactory()
    for _ in range(3):
        register(week)
    assert letters("registration_received") == ["ada@example.org"]
    assert Registration.objects.count() == 1


def test_who_registers_again_later_gets_the_receipt_again():
    week = WeekFactory()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        register(week)
        clock.shift(599)
        register(week)
        assert len(letters("registration_received")) == 1
        clock.shift(1)
        register(week)
        register(week)
    assert letters("registration_received") == ["ada@example.org"] * 2


def test_the_same_mailbox_in_another_spelling_is_the_same_person():
    week = WeekFactory()
    register(week, email="ada.reyes@gmail.com")
    register(week, email="adareyes+csan@gmail.com")
    assert OtherContact.objects.count() == 0
    assert letters("registration_received") == ["ada.reyes@gmail.com"]


def test_somebody_else_changes_nothing_is_kept_and_the_first_is_told_once():
    week = WeekFactory()
    WeekTaskFactory(week=week, code="letter")
    register(week)

    register(week, email="sam@example.org", contact_name="Sam Ortiz", members_count=9, tasks=("letter",))
    register(week, email="sam@example.org", contact_name="Sam Ortiz", members_count=9, tasks=("letter",))
    register(week, email="sam@example.org", contact_name="Sam Ortiz", members_count=12)

    registration = Registration.objects.get()
    assert (registration.contact_name, registration.members_count) == ("Ada Reyes", 140)
    other = OtherContact.objects.get()
    assert (other.registration, other.name, other.email) == (registration, "Sam Ortiz", "sam@example.org")
    assert [(form["members_count"], form["tasks"]) for form in other.typed] == [(9, ["letter"]), (12, [])]
    assert letters("someone_else_registered") == ["ada@example.org"]
    assert letters("registration_received") == ["ada@example.org"]


def test_the_letter_to_the_first_does_not_say_who_the_other_is():
    week = WeekFactory()
    register(week)
    register(week, email="sam@example.org", contact_name="Sam Ortiz", phone="202-555-0199")
    context = Message.objects.get(template="campaigns/someone_else_registered").context
    assert not {"Sam Ortiz", "sam@example.org", "202-555-0199"} & {str(value) for value in context.values()}


def test_many_strangers_cannot_flood_the_first_one():
    week = WeekFactory()
    register(week)
    for number in range(8):
        register(week, email=f"stranger{number}@example.org")
    assert OtherContact.objects.count() == 8
    assert letters("someone_else_registered") == ["ada@example.org"] * registering.MAX_TOLD


@pytest.mark.parametrize("values", [{"register_by": day(-1)}, {"published_at": None}])
def test_a_week_that_is_not_open_takes_no_registration(values):
    with pytest.raises(RegistrationClosed):
        register(WeekFactory(**values))
    assert (Local.objects.count(), Registration.objects.count(), Message.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_make_one_registration_and_one_receipt():
    week = WeekFactory()
    assert at_once(*[lambda: register(week)] * 10) == [None] * 10
    assert (Local.objects.count(), Registration.objects.count(), OtherContact.objects.count()) == (1, 1, 0)
    assert letters("registration_received") == ["ada@example.org"]


def test_a_registration_can_be_changed_until_the_freeze_day_is_over():
    registration = RegistrationFactory(week=WeekFactory(register_by=day(-5), freeze_on=day(0)))
    task = WeekTaskFactory(week=registration.week, code="letter")

    registering.change_registration(
        registration=registration, details=replace(DETAILS, members_count=200, tasks=("letter",))
    )

    registration.refresh_from_db()
    assert registration.members_count == 200
    assert registration.changed_at is not None
    assert list(registration.tasks.all()) == [task]


def test_a_change_touches_neither_state_nor_address():
    registration = RegistrationFactory(approved=True)
    registering.change_registration(registration=registration, details=DETAILS)
    after = Registration.objects.get()
    assert (after.status, after.email, after.key) == (STATES.APPROVED, registration.email, registration.key)


def test_after_the_freeze_nothing_changes():
    registration = RegistrationFactory(week=WeekFactory(register_by=day(-5), freeze_on=day(-1)))
    with pytest.raises(Frozen):
        registering.change_registration(registration=registration, details=replace(DETAILS, members_count=200))
    assert Registration.objects.get().members_count == 140


def test_a_registration_whose_box_has_left_is_frozen():
    box = BoxFactory(shipped=True)
    with pytest.raises(Frozen):
        registering.change_registration(registration=box.registration, details=DETAILS)


@pytest.mark.parametrize("ended", ["declined", "withdrawn"])
def test_an_ended_registration_cannot_be_changed(ended):
    registration = RegistrationFactory(status=ended, **{f"{ended}_at": timezone.now()})
    with pytest.raises(NotLiving):
        registering.change_registration(registration=registration, details=DETAILS)


def test_who_withdraws_may_register_again():
    week = WeekFactory()
    register(week)
    first = Registration.objects.get()

    assert registering.withdraw_registration(registration=first) is True
    assert registering.withdraw_registration(registration=first) is False
    register(week, email="sam@example.org")

    assert list(Registration.objects.order_by("pk").values_list("email", "status")) == [
        ("ada@example.org", STATES.WITHDRAWN),
        ("sam@example.org", STATES.RECEIVED),
    ]
    assert letters("registration_received") == ["ada@example.org", "sam@example.org"]
    assert OtherContact.objects.count() == 0


def test_withdrawing_cancels_the_box_that_has_not_left():
    box = BoxFactory(status=Box.Status.PACKED)
    assert registering.withdraw_registration(registration=box.registration) is True
    box.refresh_from_db()
    assert box.status == Box.Status.CANCELLED
    assert Registration.objects.get().approved_at is None


def test_nothing_is_withdrawn_once_the_box_has_left():
    box = BoxFactory(shipped=True)
    with pytest.raises(BoxHasLeft):
        registering.withdraw_registration(registration=box.registration)
    assert Registration.objects.get().status == STATES.APPROVED


def test_approving_takes_those_that_wait_tells_each_and_is_recorded():
    by = StaffFactory()
    waiting = [RegistrationFactory(), RegistrationFactory()]
    withdrawn = RegistrationFactory(status="withdrawn", withdrawn_at=timezone.now())

    assert registering.approve(registrations=[*waiting, withdrawn], by=by) == 2
    assert registering.approve(registrations=Registration.objects.all(), by=by) == 0

    assert Registration.objects.filter(status=STATES.APPROVED, approved_by=by).count() == 2
    assert letters("registration_approved") == [each.email for each in waiting]
    assert list(LogEntry.objects.values_list("change_message", "user")) == [("Approved", by.pk)] * 2


@pytest.mark.django_db(transaction=True)
def test_two_people_approving_at_once_approve_once():
    by = StaffFactory()
    for _ in range(5):
        RegistrationFactory()
    counts = at_once(*[lambda: registering.approve(registrations=Registration.objects.all(), by=by)] * 2)
    assert sorted(counts) == [0, 5]
    assert len(letters("registration_approved")) == 5


def test_declining_takes_what_lives_unless_its_box_has_left():
    by = StaffFactory()
    waiting, packed, gone = RegistrationFactory(), BoxFactory(), BoxFactory(shipped=True)

    count = registering.decline(registrations=[waiting, packed.registration, gone.registration], by=by)

    assert count == 2
    states = dict(Registration.objects.values_list("pk", "status"))
    assert states[waiting.pk] == states[packed.registration.pk] == STATES.DECLINED
    assert states[gone.registration.pk] == STATES.APPROVED
    packed.refresh_from_db()
    assert packed.status == Box.Status.CANCELLED
    assert LogEntry.objects.filter(change_message="Declined", user=by).count() == 2
