"""The staff pages of carriers: a wave's file, profiles, tracking numbers that come back."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from campaigns.models import Box, CarrierProfile, TrackingFile, Wave
from members.models import Message
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def box():
    week = WeekFactory()
    wave = Wave.objects.create(week=week, number=1)
    return BoxFactory(
        registration=RegistrationFactory(week=week, approved=True), wave=wave, code="26-AAAA",
        status=Box.Status.CHECKED, checked_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def profile():
    return CarrierProfile.objects.get(name="UPS WorldShip")


def test_a_wave_is_taken_along_and_what_does_not_fit_is_listed(admin_client, box, profile):
    page = reverse("admin:campaigns_wave_carrier", args=[box.wave_id])
    answer = admin_client.post(page, {"profile": profile.pk})
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    assert b"26-AAAA" in answer.content
    box.place.address1 = "x" * 36
    box.place.save()
    answer = admin_client.post(page, {"profile": profile.pk})
    assert (answer.status_code, "the most are 35" in answer.content.decode()) == (422, True)


def test_a_file_that_came_back_is_tested_and_taken_in(admin_client, box, profile):
    content = b"Reference 1,Tracking Number\n26-AAAA,1Z5R89390357567127\n"
    told = {"profile": profile.pk, "file": SimpleUploadedFile("back.csv", content)}
    answer = admin_client.post(reverse("admin:campaigns_trackingfile_add"), told)
    assert "ready to be taken in" in admin_client.get(answer.url).content.decode()
    assert admin_client.post(answer.url, {"do": "take"}).status_code == 303
    box.refresh_from_db()
    assert (box.status, Message.objects.count()) == ("shipped", 0)
    assert TrackingFile.objects.get().status == "done"


def test_a_number_can_be_followed_to_the_carrier_before_its_file_is_taken_in(admin_client, box, profile):
    content = b"Reference 1,Tracking Number\n26-AAAA,1Z5R89390357567127\n"
    told = {"profile": profile.pk, "file": SimpleUploadedFile("back.csv", content)}
    page = admin_client.get(admin_client.post(reverse("admin:campaigns_trackingfile_add"), told).url).content.decode()
    assert 'href="https://www.ups.com/track?tracknum=1Z5R89390357567127"' in page
    assert "Nothing has left yet." in page


LIST = reverse_lazy("admin:campaigns_box_changelist")


def test_chosen_boxes_make_a_file_of_those_that_are_checked(admin_client, box, profile):
    BoxFactory(code="26-BBBB")
    other = BoxFactory(code="26-CCCC", status=Box.Status.CHECKED, checked_at=timezone.now())
    packed = BoxFactory(code="26-DDDD", status=Box.Status.PACKED)
    chosen = {"action": "carrier_file", "_selected_action": [each.pk for each in Box.objects.exclude(pk=box.pk)]}
    page = admin_client.post(LIST, chosen)
    assert (page.status_code, page.context["title"]) == (200, "Carrier file of 2 boxes")
    assert "1 of the chosen is left out" in page.content.decode()
    file = admin_client.post(LIST, {**chosen, "profile": profile.pk})
    assert [line.split(",")[0] for line in file.content.decode().splitlines()[1:]] == [other.code, packed.code]
    assert "boxes-" in file.headers["Content-Disposition"]
    log = LogEntry.objects.filter(change_message__startswith="Exported for a carrier")
    assert sorted(log.values_list("object_repr", flat=True)) == [other.code, packed.code]


def test_a_whole_filtered_list_of_boxes_makes_a_file(admin_client, box, profile):
    BoxFactory(code="26-BBBB", status=Box.Status.CHECKED, checked_at=timezone.now())
    chosen = {"action": "carrier_file", "_selected_action": [box.pk], "select_across": "1", "index": "0"}
    asked = admin_client.post(f"{LIST}?q=26-AAAA", chosen)
    assert 'name="select_across" value="1"' in asked.content.decode()
    again = {**chosen, "_selected_action": ["0"], "profile": profile.pk}
    assert len(admin_client.post(f"{LIST}?q=26-AAAA", again).content.decode().splitlines()) == 2
    assert len(admin_client.post(LIST, again).content.decode().splitlines()) == 3


def test_chosen_boxes_of_which_none_is_checked_make_no_file(admin_client, profile):
    planned = BoxFactory()
    told = {"action": "carrier_file", "_selected_action": [planned.pk], "profile": profile.pk}
    answer = admin_client.post(LIST, told)
    assert (answer.status_code, "None of these boxes" in answer.content.decode()) == (422, True)


def test_a_file_that_is_no_table_is_asked_back(admin_client, profile):
    told = {"profile": profile.pk, "file": SimpleUploadedFile("back.csv", b"Nothing\n1\n")}
    answer = admin_client.post(reverse("admin:campaigns_trackingfile_add"), told)
    assert (answer.status_code, "No column is headed" in answer.content.decode()) == (422, True)


def test_a_column_that_holds_nothing_known_is_refused(admin_client, profile):
    page = reverse("admin:campaigns_carrierprofile_change", args=[profile.pk])
    told = {
        "name": "UPS", "carrier": "ups", "characters": "ascii", "tracking_columns": "{}", "note": "",
        "columns": json.dumps([["Box", "code", 9, True], ["Shoes", "size", 2, True]]),
    }  # fmt: skip
    assert "is none of" in admin_client.post(page, told).content.decode()
    profile.refresh_from_db()
    assert profile.name == "UPS WorldShip"


def test_who_may_not_move_boxes_sees_none_of_it(client, box):
    client.force_login(StaffFactory(is_superuser=False))
    pages = [
        reverse("admin:campaigns_wave_carrier", args=[box.wave_id]),
        reverse("admin:campaigns_trackingfile_add"),
    ]
    assert [client.get(page).status_code for page in pages] == [403, 403]
