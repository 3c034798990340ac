"""Staff of a district among waves, kits, carriers and boxes: a wave is the union's, its lists show what is theirs."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns import kits
from campaigns.boxes import arrivals, waves
from campaigns.carriers import tracking
from campaigns.models import Allocation, Box, CarrierProfile, PrintRun, TrackingFile, Wave
from tests.campaigns.factories import ItemFactory, KitRuleFactory, RegistrationFactory, WeekFactory
from tests.campaigns.test_scopes import district_staff
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db
MAY = (
    "view_wave", "change_wave", "view_box", "change_box", "view_trackingfile", "view_printrun", "view_arrival",
    "view_registration",
)  # fmt: skip


@pytest.fixture
def week():
    """A button for each member."""
    week = WeekFactory(year=2026)
    KitRuleFactory(week=week, item=ItemFactory(sku="button", on_hand=1000, weight_grams=5))
    return week


@pytest.fixture
def wave(week):
    """Two places of district 6 and one of district 9; their materials are set aside."""
    for district in ("6", "6", "9"):
        RegistrationFactory(week=week, approved=True, local__district=district, members_count=10)
    by = StaffFactory()
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy=Wave.Policy.PRO_RATA, by=by)
    return wave


@pytest.fixture
def clerk(client):
    clerk = district_staff("6", permissions=MAY)
    client.force_login(clerk)
    return clerk


def packed(wave):
    """Frozen, and all of its boxes are packed and checked."""
    waves.freeze_wave(wave=wave, by=StaffFactory())
    wave.boxes.update(status="checked", checked_at=timezone.now())


def of_district(wave, district):
    return Box.objects.filter(wave=wave, registration__local__district=district).order_by("code")


def test_the_list_of_waves_counts_the_places_of_who_looks(client, wave, clerk):
    page = client.get(reverse("admin:campaigns_wave_changelist"))
    (row,) = page.context["cl"].result_list
    assert row.place_count == 2
    assert "1 more is in other districts" in page.content.decode()
    client.force_login(StaffFactory())
    page = client.get(reverse("admin:campaigns_wave_changelist"))
    assert page.context["cl"].result_list[0].place_count == 3
    assert "in other districts" not in page.content.decode()


def test_the_materials_of_a_wave_are_shown_place_by_place_for_the_districts_and_in_sum_for_all(client, wave, clerk):
    address = reverse("admin:campaigns_wave_kits", args=[wave.pk])
    page = client.get(address)
    assert len(page.context["shown"]) == 2
    assert page.context["totals"][0].given == 30
    assert "1 more is not shown" in page.content.decode()
    other = Allocation.objects.get(place__registration__local__district="9")
    assert client.get(address, {"line": other.pk}).status_code == 404
    told = {"do": "by-hand", "given": "1", "reason": "Less"}
    assert client.post(f"{address}?line={other.pk}", told).status_code == 404
    kits.release(wave=wave, by=StaffFactory())
    page = client.get(address)
    assert (len(page.context["rows"]), page.context["hidden_count"]) == (2, 1)
    assert client.post(address, {"do": "take-out", "place": other.place_id}).status_code == 404
    assert wave.places.count() == 3


def test_a_wave_tells_how_far_the_boxes_of_the_districts_are_and_prints_those(client, wave, clerk):
    packed(wave)
    address = reverse("admin:campaigns_wave_boxes", args=[wave.pk])
    page = client.get(address)
    assert page.context["statuses"] == [("packed and checked", 2)]
    assert "1 more is not shown" in page.content.decode()
    client.post(address, {"do": "print", "kind": "slips", "start": "1", "right": "0", "down": "0"})
    assert sorted(PrintRun.objects.get().boxes) == sorted(of_district(wave, "6").values_list("pk", flat=True))


def test_print_outs_and_tracking_files_of_others_are_not_shown_but_counted(client, wave, clerk):
    packed(wave)
    boss = StaffFactory()
    run = PrintRun.objects.create(wave=wave, kind="slips", boxes=[1], by=boss)
    file = TrackingFile.objects.create(profile=CarrierProfile.objects.first(), filename="x.csv", digest="0", by=boss)
    for row in (run, file):
        name = f"admin:campaigns_{row._meta.model_name}"
        page = client.get(reverse(f"{name}_changelist"))
        assert list(page.context["cl"].result_list) == []
        assert "1 more is not shown" in page.content.decode()
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 404
    assert client.get(reverse("admin:campaigns_printrun_file", args=[run.pk])).status_code == 404


def test_where_no_box_of_the_districts_waits_nothing_is_printed(client, wave):
    packed(wave)
    client.force_login(district_staff("3", permissions=MAY))
    address = reverse("admin:campaigns_wave_boxes", args=[wave.pk])
    client.post(address, {"do": "print", "kind": "slips", "start": "1", "right": "0", "down": "0"})
    assert PrintRun.objects.count() == 0


def test_the_carrier_file_of_a_wave_holds_the_districts_boxes(client, wave, clerk):
    packed(wave)
    address = reverse("admin:campaigns_wave_carrier", args=[wave.pk])
    assert "1 more is not shown" in client.get(address).content.decode()
    mail_house = CarrierProfile.objects.get(name="Mail house")
    lines = client.post(address, {"profile": mail_house.pk}).content.decode().splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == [box.code for box in of_district(wave, "6")]


def test_a_tracking_file_ships_only_what_its_uploader_sees(wave, clerk):
    packed(wave)
    profile = CarrierProfile.objects.create(
        name="Ours", carrier="other", tracking_columns={"code": "Box", "number": "Number"}
    )
    codes = list(wave.boxes.order_by("code").values_list("code", flat=True))
    content = "\n".join(["Box,Number", *[f"{code},{code}X" for code in codes]])
    file = tracking.look_through(file=io.BytesIO(content.encode()), filename="f", profile=profile, by=clerk)
    foreign = of_district(wave, "9").get()
    row = file.rows.get(code=foreign.code)
    assert (row.outcome, row.box) == ("elsewhere", None)
    assert tracking.take_in(file=file, silent=set(), by=clerk) == 2
    foreign.refresh_from_db()
    assert foreign.status == "checked"


def test_an_uploaded_file_says_which_rows_are_not_theirs(client, wave, clerk):
    packed(wave)
    profile = CarrierProfile.objects.get(name="Mail house")
    foreign = of_district(wave, "9").get()
    content = f"Box,Tracking Number\n{foreign.code},ABCD1\n".encode()
    told = {"profile": profile.pk, "file": SimpleUploadedFile("back.csv", content)}
    page = client.get(client.post(reverse("admin:campaigns_trackingfile_add"), told).url).content.decode()
    assert "the box is in another district than yours" in page
    assert str(foreign.registration.local) not in page


def test_a_box_of_another_district_is_neither_packed_nor_opened(client, wave, clerk):
    packed(wave)
    foreign = of_district(wave, "9").get()
    assert client.get(reverse("admin:campaigns_box_pack", args=[foreign.code])).status_code == 404
    assert client.get(reverse("admin:campaigns_box_table"), {"code": foreign.code}).status_code == 422
    assert client.get(reverse("admin:campaigns_box_open_box", args=[foreign.pk])).status_code == 404


def test_what_is_missing_elsewhere_is_counted_not_shown(client, wave, clerk):
    packed(wave)
    now = timezone.now()
    for box in wave.boxes.all():
        Box.objects.filter(pk=box.pk).update(status="shipped", shipped_at=now, carrier="ups", tracking_number=box.code)
        arrivals.tell_missing(box=box, missing={}, note="No pens", told_by="Ada")
    page = client.get(reverse("admin:campaigns_arrival_changelist"))
    assert len(page.context["cl"].result_list) == 2
    assert "1 more is not shown" in page.content.decode()
