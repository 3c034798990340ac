"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Box, Campaign, OtherContact, Registration, WeekOfAction
from tests.campaigns.factories import (
    BoxFactory,
    CampaignFactory,
    OtherContactFactory,
    RegistrationFactory,
    WeekFactory,
    WeekTaskFactory,
    day,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
STATES = Registration.Status


def refused(name: str, write, **values) -> None:
    """Assert that the write breaks the named constraint."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write(**values)


def change(row, **values):
    """Write past every form and function."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("path", ["petitions/", "//elsewhere.example/", "https://elsewhere.example/", ""])
def test_a_campaign_leads_to_a_path_of_this_site(path):
    refused("campaigns_campaign_own_path", CampaignFactory, action_path=path)


def test_a_campaign_may_lead_to_the_home_page():
    assert CampaignFactory(action_path="/").action_path == "/"


def test_a_campaign_has_a_slug_of_its_own():
    CampaignFactory(slug="jobs")
    refused("slug", CampaignFactory, slug="jobs")


def test_a_year_has_one_week():
    WeekFactory(year=2017)
    refused("year", WeekFactory, year=2017)


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("register_by", 13),
        ("freeze_on", 21),
        ("ship_by", 31),
        ("starts_on", 37),
        ("ends_on", 51),
        ("report_by", 35),
    ],
)
def test_the_days_of_a_week_come_in_order(name, offset):
    refused("campaigns_weekofaction_dates", WeekFactory, **{name: day(offset)})


def test_the_days_of_a_week_may_fall_together():
    today = day(0)
    names = ("register_by", "freeze_on", "ship_by", "starts_on", "ends_on", "report_by")
    assert WeekFactory(**dict.fromkeys(names, today)).report_by == today


def test_a_task_has_a_code_of_its_own_within_its_week():
    task = WeekTaskFactory(code="letter")
    assert WeekTaskFactory(code="letter").week != task.week
    refused("campaigns_weektask_once", WeekTaskFactory, week=task.week, code="letter")


def test_a_local_has_one_living_registration_in_a_week():
    first = RegistrationFactory()
    refused("campaigns_registration_living", RegistrationFactory, week=first.week, local=first.local)
    refused("campaigns_registration_living", RegistrationFactory, week=first.week, local=first.local, approved=True)


@pytest.mark.parametrize("ended", ["declined", "withdrawn"])
def test_beside_an_ended_registration_there_may_be_a_living_one(ended):
    first = RegistrationFactory(status=ended, **{f"{ended}_at": NOW})
    RegistrationFactory(week=first.week, local=first.local, status=ended, **{f"{ended}_at": NOW})
    RegistrationFactory(week=first.week, local=first.local)
    assert Registration.objects.living().count() == 1


def test_a_registration_is_in_one_of_its_states():
    refused("campaigns_registration_status", RegistrationFactory, status="lost")


@pytest.mark.parametrize("state", ["approved", "declined", "withdrawn"])
def test_a_state_and_its_moment_stand_together(state):
    registration = RegistrationFactory()
    refused(f"campaigns_registration_{state}", change(registration, status=state))
    refused(f"campaigns_registration_{state}", change(registration, **{f"{state}_at": NOW}))


def test_only_what_is_approved_was_approved_by_somebody(django_user_model):
    staff = django_user_model.objects.create(username="staff")
    refused("campaigns_registration_approved_by", RegistrationFactory, approved_by=staff)


def test_the_address_of_a_registration_is_lower_case():
    refused("campaigns_registration_email_lower", RegistrationFactory, email="Ada@example.org")


def test_a_registration_counts_at_least_one_member():
    refused("campaigns_registration_members", RegistrationFactory, members_count=0)


def test_a_registration_is_in_a_language_of_ours():
    refused("campaigns_registration_language", RegistrationFactory, language="fr")


def test_each_registration_has_a_key_of_its_own():
    first = RegistrationFactory()
    refused("key", RegistrationFactory, key=first.key)


def test_somebody_else_is_kept_once_a_registration():
    first = OtherContactFactory(email="sam@example.org")
    refused("campaigns_othercontact_once", OtherContactFactory, registration=first.registration, email=first.email)
    OtherContactFactory(email="sam@example.org")
    assert OtherContact.objects.count() == 2


def test_the_address_of_somebody_else_is_lower_case():
    refused("campaigns_othercontact_email_lower", OtherContactFactory, email="Sam@example.org")


def test_a_place_has_one_living_box_a_wave_and_part():
    first = BoxFactory()
    refused("campaigns_box_living", BoxFactory, registration=first.registration)


@pytest.mark.parametrize("ended", ["lost", "returned"])
def test_a_lost_box_may_be_followed_by_another(ended):
    first = BoxFactory(shipped=True, status=ended)
    BoxFactory(registration=first.registration)
    assert Box.objects.living().count() == 1


def test_a_code_is_used_once_for_ever():
    first = BoxFactory(shipped=True, status="lost")
    refused("code", BoxFactory, code=first.code)


def test_a_box_is_in_one_of_its_states():
    refused("campaigns_box_status", BoxFactory, status="forgotten")


def test_a_carrier_is_one_we_know():
    refused("campaigns_box_carrier", BoxFactory, carrier="mule")


@pytest.mark.parametrize("state", ["shipped", "lost", "returned"])
def test_a_box_that_left_has_the_moment_carrier_and_number(state):
    refused("campaigns_box_shipped", BoxFactory, shipped=True, status=state, shipped_at=None)
    refused("campaigns_box_trackable", BoxFactory, shipped=True, status=state, carrier="")
    refused("campaigns_box_trackable", BoxFactory, shipped=True, status=state, tracking_number="")


@pytest.mark.parametrize("state", ["planned", "packed", "cancelled"])
def test_a_box_that_did_not_leave_has_no_moment_of_leaving(state):
    refused("campaigns_box_shipped", BoxFactory, shipped=True, status=state)


def test_a_delivered_box_and_its_moment_stand_together():
    refused("campaigns_box_delivered", BoxFactory, shipped=True, status="delivered")
    refused("campaigns_box_delivered", BoxFactory, shipped=True, delivered_at=NOW)


def test_a_tracking_number_is_one_box_of_a_carrier():
    first = BoxFactory(shipped=True)
    refused("campaigns_box_tracking", BoxFactory, shipped=True, tracking_number=first.tracking_number)
    BoxFactory(shipped=True, carrier=Box.Carrier.USPS, tracking_number=first.tracking_number)
    BoxFactory()
    BoxFactory()
    assert Box.objects.count() == 4


def test_the_public_sees_published_campaigns_in_their_order():
    second, first = CampaignFactory(position=2), CampaignFactory(position=1)
    CampaignFactory(published_at=None)
    CampaignFactory(published_at=NOW + timedelta(days=1))
    assert list(Campaign.objects.public()) == [first, second]


def test_the_public_sees_published_weeks_newest_first():
    old, new = WeekFactory(year=2017), WeekFactory(year=2018)
    WeekFactory(published_at=None)
    WeekFactory(published_at=NOW + timedelta(days=1))
    assert list(WeekOfAction.objects.public()) == [new, old]


@pytest.mark.parametrize(
    ("values", "is_open"),
    [
        ({"register_by": day(0)}, True),
        ({"register_by": day(-1)}, False),
        ({"published_at": None}, False),
        ({"published_at": NOW + timedelta(hours=1)}, False),
    ],
)
def test_a_local_may_register_until_the_last_day_is_over(values, is_open):
    week = WeekFactory(**values)
    assert week.is_open is is_open
    assert WeekOfAction.objects.open().exists() is is_open
