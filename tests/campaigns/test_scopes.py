"""Staff of a district see theirs, and are told how many others there are."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError

from campaigns.desk import scopes
from campaigns.models import Box, Registration, StaffDistricts
from members.models import Local
from tests.campaigns.factories import BoxFactory, RegistrationFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/registration/"


def district_staff(*districts: str, permissions=("view_registration", "change_registration", "view_box")):
    person = StaffFactory(is_superuser=False)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    if districts:
        StaffDistricts.objects.create(user=person, districts=list(districts))
    return person


@pytest.fixture
def locals_():
    """A registration in each of three districts, and one of a local without any."""
    return {name: RegistrationFactory(local__district=name, local__state="NY") for name in ("1", "2-13", "6", "")}


def test_who_has_districts_sees_theirs_and_learns_how_many_others_there_are(locals_):
    rows, hidden = scopes.of(district_staff("1", "2-13")).registrations(Registration.objects.all())
    assert (set(rows), hidden) == ({locals_["1"], locals_["2-13"]}, 2)


def test_who_has_none_sees_all_and_so_does_every_superuser(locals_):
    boss = StaffFactory()
    StaffDistricts.objects.create(user=boss, districts=["1"])
    for person in (district_staff(), boss):
        rows, hidden = scopes.of(person).registrations(Registration.objects.all())
        assert (rows.count(), hidden) == (4, 0)


def test_the_same_holds_for_boxes_and_locals(locals_):
    mine = BoxFactory(registration__local__district="3")
    BoxFactory(registration__local__district="4")
    scope = scopes.of(district_staff("3"))
    assert [list(scope.boxes(Box.objects.all())[0]), scope.boxes(Box.objects.all())[1]] == [[mine], 1]
    rows, hidden = scope.locals(Local.objects.all())
    assert (list(rows), hidden) == ([mine.registration.local], 5)


def test_lists_show_the_districts_of_who_looks_and_say_what_is_hidden(client, locals_):
    client.force_login(district_staff("6"))
    page = client.get(LIST)
    assert list(page.context["cl"].result_list) == [locals_["6"]]
    assert "3 more are not shown: other districts than yours, or none yet." in page.content.decode()

    BoxFactory(registration=RegistrationFactory(approved=True, local__district="1"))
    boxes = client.get("/admin/campaigns/box/")
    assert list(boxes.context["cl"].result_list) == []
    assert "1 more is not shown" in boxes.content.decode()


def test_a_registration_of_another_district_cannot_be_opened_or_approved(client, locals_):
    client.force_login(district_staff("6"))
    other = locals_["1"]
    assert client.get(f"{LIST}{other.pk}/change/").status_code == 302
    assert client.get(f"{LIST}{other.pk}/match/").status_code == 404
    assert client.post(f"{LIST}{other.pk}/desk/", {"do": "settle", "code": "fast"}).status_code == 404
    client.post(LIST, {"action": "approve", "confirmed": "yes", "_selected_action": [other.pk]})
    other.refresh_from_db()
    assert other.status == "received"


def test_only_superusers_say_whose_districts_are_whose(client):
    clerk = district_staff("6", permissions=["view_registration", "change_staffdistricts", "view_staffdistricts"])
    client.force_login(clerk)
    assert client.get("/admin/campaigns/staffdistricts/").status_code == 403

    client.force_login(StaffFactory())
    form = {"user": clerk.pk, "districts": "1, 2-13"}
    row = StaffDistricts.objects.get()
    assert client.post(f"/admin/campaigns/staffdistricts/{row.pk}/change/", form).status_code == 302
    row.refresh_from_db()
    assert row.districts == ["1", "2-13"]


def test_a_row_without_districts_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="campaigns_staffdistricts_some"):
        StaffDistricts.objects.create(user=StaffFactory(), districts=[])


def test_somebody_has_one_row():
    person = district_staff("1")
    with pytest.raises(IntegrityError):
        StaffDistricts.objects.create(user=person, districts=["2"])


def test_a_local_that_is_in_no_district_counts_where_its_registration_says():
    told = RegistrationFactory(local__district="", district="6", approved=True)
    box = BoxFactory(registration=told)
    RegistrationFactory(local__district="1", district="6")  # the directory knows better
    scope = scopes.of(district_staff("6"))
    rows, hidden = scope.registrations(Registration.objects.all())
    assert (list(rows), hidden) == ([told], 1)
    assert (list(scope.boxes(Box.objects.all())[0]), told.home_district) == ([box], "6")
