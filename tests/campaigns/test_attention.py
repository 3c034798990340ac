"""Which registrations somebody should look at, and why."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.utils import timezone

from campaigns.desk import attention
from campaigns.models import Box, ChangeRequest, Registration, SettledReason
from tests.campaigns.factories import BoxFactory, OtherContactFactory, RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db


def known(**values):
    """A registration of a local that the directory knows."""
    values = {"local__district": "1", "local__state": "NY", **values}
    return RegistrationFactory(**values)


def codes(registration) -> list[str]:
    row = attention.with_reasons(Registration.objects.filter(pk=registration.pk)).get()
    return [reason.code for reason in attention.reasons_of(row)]


def details(registration) -> list[str]:
    return attention.details_of(attention.with_reasons(Registration.objects.filter(pk=registration.pk)).get())


def test_a_registration_without_doubts_needs_nobody():
    assert codes(known()) == []
    assert list(attention.needing(Registration.objects.all())) == []


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({"verdict": "safe"}, []),
        ({"verdict": "ask", "doubts": []}, []),  # nobody has judged it yet
        ({"verdict": "ask", "doubts": ["rural"]}, ["address"]),
        ({"verdict": "unsafe", "doubts": ["po-box"]}, ["address"]),
        ({"verdict": "unsafe", "doubts": ["po-box"], "judged_by_staff": True}, []),
    ],
)
def test_an_address_that_a_parcel_may_not_reach(place, found):
    assert codes(known(**{f"main_place__{name}": value for name, value in place.items()})) == found


def test_an_address_is_no_question_any_more_once_the_box_has_left():
    registration = known(approved=True, main_place__verdict="unsafe", main_place__doubts=["po-box"])
    BoxFactory(registration=registration, shipped=True)
    assert codes(registration) == []


def test_a_local_that_the_directory_does_not_know():
    assert codes(RegistrationFactory(local__district="", local__state="")) == ["local"]


@pytest.mark.parametrize(
    ("members", "last", "size", "found"),
    [
        (125, 100, None, []),
        (126, 100, None, ["126 members; last year 100"]),
        (50, 100, None, []),
        (49, 100, None, ["49 members; last year 100"]),
        (1250, None, 1000, []),
        (1251, None, 1000, ["1,251 members; the whole local 1,000"]),
        (1300, 900, 1000, ["1,300 members; last year 900, the whole local 1,000"]),
        (9999, None, None, []),
    ],
)
def test_a_number_of_members_far_from_what_is_known(members, last, size, found):
    local = LocalFactory(district="1", state="NY", size=size)
    if last:
        RegistrationFactory(local=local, week=WeekFactory(year=2020), members_count=last, approved=True)
        RegistrationFactory(local=local, week=WeekFactory(year=2019), members_count=7, approved=True)
    assert details(RegistrationFactory(local=local, week=WeekFactory(year=2021), members_count=members)) == found


def test_last_year_counts_only_where_the_local_took_part():
    local = LocalFactory(district="1", state="NY")
    RegistrationFactory(local=local, week=WeekFactory(year=2020), members_count=1)
    assert codes(RegistrationFactory(local=local, week=WeekFactory(year=2021))) == []


def test_a_local_that_somebody_else_registered_until_that_is_settled_and_again_when_another_does():
    registration, staff = known(), StaffFactory()
    OtherContactFactory(registration=registration)
    assert codes(registration) == ["duplicate"]

    attention.settle(registration=registration, code="duplicate", by=staff)
    assert codes(registration) == []

    OtherContactFactory(registration=registration, created_at=timezone.now() + timedelta(seconds=1))
    assert codes(registration) == ["duplicate"]


def test_the_other_reasons():
    assert codes(known(suspicion=1)) == ["fast"]
    assert codes(known(needs_staff_help=True)) == ["help"]
    asked = known(approved=True)
    change = ChangeRequest.objects.create(registration=asked, wanted={"phone": "1"})
    assert codes(asked) == ["change"]
    ChangeRequest.objects.filter(pk=change.pk).update(status="approved", decided_at=timezone.now())
    assert codes(asked) == []


@pytest.mark.parametrize("status", [Box.Status.LOST, Box.Status.RETURNED])
def test_a_box_that_did_not_arrive_until_another_is_on_its_way(status):
    box = BoxFactory(shipped=True, status=status, registration=known(approved=True))
    assert codes(box.registration) == ["arrival"]
    BoxFactory(registration=box.registration)
    assert codes(box.registration) == []


def test_who_takes_no_part_needs_nobody():
    gone = known(
        status="withdrawn",
        withdrawn_at=timezone.now(),
        suspicion=1,
        needs_staff_help=True,
        main_place__verdict="unsafe",
    )
    assert codes(gone) == []


def test_what_was_settled_comes_back_when_the_local_changes_something():
    registration, staff = known(suspicion=1, needs_staff_help=True), StaffFactory()
    attention.settle(registration=registration, code="fast", by=staff)
    attention.settle(registration=registration, code="fast", by=staff)
    assert codes(registration) == ["help"]
    assert SettledReason.objects.count() == 1
    assert LogEntry.objects.get(pk=LogEntry.objects.latest("pk").pk).change_message == "Settled (reason: fast)"

    Registration.objects.update(changed_at=timezone.now() + timedelta(seconds=1))
    assert codes(registration) == ["fast", "help"]


@pytest.mark.parametrize("code", ["change", "arrival", "nonsense"])
def test_what_goes_only_by_what_is_done_about_it_cannot_be_settled(code):
    with pytest.raises(attention.CannotBeSettled):
        attention.settle(registration=known(), code=code, by=StaffFactory())
    assert SettledReason.objects.count() == 0


def test_the_database_keeps_one_settlement_a_reason():
    registration = known()
    SettledReason.objects.create(registration=registration, code="fast")
    with pytest.raises(IntegrityError, match="campaigns_settledreason_once"):
        SettledReason.objects.create(registration=registration, code="fast")


def test_reasons_are_found_for_many_in_one_query(django_assert_num_queries):
    for _ in range(3):
        known(suspicion=1, needs_staff_help=True)
    known()
    with django_assert_num_queries(1):
        rows = list(attention.with_reasons(attention.needing(Registration.objects.all())))
        assert [attention.details_of(row) for row in rows] == [
            ["filled in faster than a person types", "asks for a call"]
        ] * 3
    with django_assert_num_queries(1):
        assert attention.counts(Registration.objects.all()) == {"fast": 3, "help": 3}
    assert attention.needing(Registration.objects.all(), "fast").count() == 3
    assert attention.needing(Registration.objects.all(), "local").count() == 0


def test_those_in_doubt_are_left_out_when_many_are_approved_and_a_wish_for_help_is_no_doubt():
    clean, helped, doubtful = known(), known(needs_staff_help=True), known(suspicion=1)
    approved = known(approved=True)
    found = attention.sort_out([clean, helped, doubtful, approved])
    assert found.ready == [clean, helped]
    assert found.skipped == [
        (doubtful, ["filled in faster than a person types"]),
        (approved, ["it is approved"]),
    ]


@pytest.mark.parametrize(
    ("told", "directory", "found"),
    [("3", "3", []), ("", "3", []), ("3", "4", ["district"]), ("3", "", [])],
)
def test_another_district_than_the_directory_says(told, directory, found):
    assert codes(known(district=told, local__district=directory, local__state="OH")) == found
