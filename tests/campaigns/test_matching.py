"""A local that was typed by hand is found in the directory."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.desk import matching
from campaigns.models import Registration
from members.models import Local
from tests.campaigns.factories import RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed():
    return RegistrationFactory(local__number="N-1101", main_place__city="Albany")


def directory(number: str, **values) -> Local:
    return LocalFactory(number=number, district="1", state="NY", **values)


def test_it_is_looked_for_by_its_digits_and_its_town_and_by_what_staff_write(typed):
    same, near = directory("1101"), directory("4", city="Albany")
    other = directory("9999", name="Buffalo Newspaper Guild")
    LocalFactory(number="11010")  # typed by hand as well
    assert matching.candidates(typed) == [same, near]
    assert matching.candidates(typed, "newspaper") == [other]
    assert matching.candidates(typed, "albany") == [near]
    assert matching.candidates(typed, "zzz") == []


def test_staff_say_which_it_is_and_what_was_typed_is_gone(client, typed):
    staff = StaffFactory()
    client.force_login(staff)
    right = directory("1101")
    address = f"/admin/campaigns/registration/{typed.pk}/match/"
    assert client.get(address).context["candidates"] == [right]

    done = client.post(address, {"local": right.pk}, follow=True)

    assert [str(each) for each in done.context["messages"]] == ["It is CWA Local 1101's registration now."]
    assert Registration.objects.get().local == right
    assert list(Local.objects.all()) == [right]
    assert LogEntry.objects.get().change_message == "Matched to the directory (typed: CWA Local N-1101)"


def test_what_was_typed_stays_while_somebody_names_it(typed):
    PersonFactory(local=typed.local)
    matching.match_local(registration=typed, local=directory("1101"), by=StaffFactory())
    assert Local.objects.count() == 2


def test_a_local_of_the_directory_is_never_deleted():
    wrong = RegistrationFactory(local=directory("1102"))
    matching.match_local(registration=wrong, local=directory("1101"), by=StaffFactory())
    assert Local.objects.count() == 2


def test_a_local_that_is_registered_for_the_week_is_refused(client):
    week, right = WeekFactory(), directory("1101")
    RegistrationFactory(week=week, local=right)
    typed = RegistrationFactory(week=week)
    client.force_login(StaffFactory())
    address = f"/admin/campaigns/registration/{typed.pk}/match/"
    refused = client.post(address, {"local": right.pk})
    assert refused.status_code == 422
    words = "CWA Local 1101 has a registration for this week. Decline one of the two first."
    assert [str(each) for each in refused.context["messages"]] == [words]
    assert client.post(address, {"local": typed.local.pk}).status_code == 422
    typed.refresh_from_db()
    assert typed.local != right
