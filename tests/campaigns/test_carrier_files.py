"""Files for carriers: a golden one each, and what does not fit is said before one is made."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.utils import timezone

from campaigns.carriers import files
from campaigns.models import Box, CarrierProfile, Wave
from tests.campaigns.factories import BoxFactory, BoxLineFactory, ItemFactory, RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "carrier_files"
NAMES = {
    "ShipStation": "shipstation.csv",
    "UPS WorldShip": "ups.csv",
    "FedEx Ship Manager": "fedex.csv",
    "USPS Click-N-Ship": "usps.csv",
    "Mail house": "mail_house.csv",
}


@pytest.fixture
def wave():
    return Wave.objects.create(week=WeekFactory(year=2027, ship_by=date(2026, 12, 10)), number=1)


def checked(wave, code="27-AAAA", *, number="2106", **place):
    """A box that is packed and checked."""
    registration = RegistrationFactory(
        week=wave.week, approved=True, phone="+1 (202) 555-0134", local=LocalFactory(affiliate="CWA", number=number)
    )
    for part, value in place.items():
        setattr(registration.place, part, value)
    registration.place.save()
    box = BoxFactory(
        registration=registration, place=registration.place, wave=wave, code=code,
        status=Box.Status.CHECKED, checked_at=timezone.now(),
    )  # fmt: skip
    item, _ = ItemFactory._meta.model.objects.get_or_create(sku="button", defaults={"name": "B", "weight_grams": 20})
    BoxLineFactory(box=box, item=item, quantity=150)
    return box


def profile(name="FedEx Ship Manager"):
    return CarrierProfile.objects.get(name=name)


def faults(wave, name="FedEx Ship Manager"):
    return [(str(each.box), each.heading) for each in files.look(profile(name), files.parcels_of(wave.boxes.all()))]


@pytest.mark.parametrize(("name", "golden"), NAMES.items())
def test_each_carrier_gets_its_file(wave, name, golden):
    checked(wave)
    checked(wave, "27-BBBB", number="1101", address2="Suite 900, 2nd floor", receiving_hours="weekdays 9 to 4")
    told = files.export(boxes=wave.boxes.all(), profile=profile(name), by=StaffFactory(), wave=wave)
    assert told.decode() == (GOLDEN / golden).read_bytes().decode()
    assert LogEntry.objects.get().change_message == f"Exported for a carrier (profile: {name}, boxes: 2)"


def test_where_a_carrier_wants_no_hyphen_a_long_zip_code_has_none(wave):
    checked(wave, zip_code="20001-2797")
    told = {name: files.export(boxes=wave.boxes.all(), profile=profile(name), by=StaffFactory()) for name in NAMES}
    assert [name for name, file in told.items() if b",200012797," in file] == ["UPS WorldShip"]
    assert sum(b",20001-2797," in file for file in told.values()) == 4


# The limits that carriers publish; what is shorter in a profile is our own choice, and its note says so.
PUBLISHED = {
    "ShipStation": {
        "Order Number": 50, "Recipient Company": 100, "Item SKU": 50, "Item Name": 200, "Item Quantity": 5,
        "Custom Field 1": 100,
    },
    "UPS WorldShip": {
        "Reference 1": 35, "Company or Name": 35, "Attention": 35, "Address 1": 35, "Address 2": 35,
        "City or Town": 30, "Postal Code": 9, "Telephone": 15, "Residential Indicator": 1, "Weight": 4,
    },
    "FedEx Ship Manager": {"Company": 35, "Attention": 35, "Address 1": 35, "Address 2": 35, "City": 35},
    "USPS Click-N-Ship": {"Reference ID": 30, "Address 1": 64, "Address Line 2": 64},
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_no_column_is_longer_than_its_carrier_takes(name):
    row = profile(name)
    most = {column.heading: column.most for column in files.columns_of(row.columns)}
    assert {heading: most[heading] for heading in PUBLISHED[name] if most[heading] > PUBLISHED[name][heading]} == {}
    assert "ours" in row.note or name == "UPS WorldShip"


def test_what_does_not_fit_is_listed_all_at_once_and_no_file_is_made(wave):
    checked(wave, address1="1 " + "x" * 34)
    checked(wave, "27-BBBB", number="2", city="Peñasco", name="")
    checked(wave, "27-CCCC", number="3")
    assert faults(wave) == [("27-AAAA", "Address 1"), ("27-BBBB", "Attention"), ("27-BBBB", "City")]
    with pytest.raises(files.DoesNotFit) as refusal:
        files.export(boxes=wave.boxes.all(), profile=profile(), by=StaffFactory(), wave=wave)
    assert [each.problem for each in refusal.value.faults] == [
        "It has 36 characters; the most are 35.",
        "It is empty.",
        "The carrier cannot read: ñ",
    ]
    assert all(each.advice for each in refusal.value.faults)
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("lines", "name", "count"),
    [
        ({"address1": "PO Box 12"}, "FedEx Ship Manager", 1),
        ({"address2": "P.O. Box 12"}, "UPS WorldShip", 1),
        ({"address1": "PO Box 12"}, "USPS Click-N-Ship", 0),
        ({"address1": "12 Box Elder Road"}, "FedEx Ship Manager", 0),
        ({"address1": "PO Box 12", "judged_by_staff": True}, "FedEx Ship Manager", 0),
    ],
)
def test_a_po_box_is_for_the_postal_service_alone(wave, lines, name, count):
    checked(wave, **lines)
    assert len(faults(wave, name)) == count


def test_only_boxes_that_are_packed_and_checked_go_into_a_file(wave):
    BoxFactory(wave=wave, registration=RegistrationFactory(week=wave.week, approved=True))
    with pytest.raises(files.NothingChecked):
        files.export(boxes=wave.boxes.all(), profile=profile(), by=StaffFactory(), wave=wave)


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_costs_the_same_however_many_boxes(wave, django_assert_num_queries, rows):
    for number in range(rows):
        checked(wave, f"27-A{number}", number=str(number + 1))
    with django_assert_num_queries(2):
        assert files.look(profile_row(), files.parcels_of(wave.boxes.all())) == []


def profile_row():
    """A profile that needs no question to the database."""
    return CarrierProfile(columns=[["Box", "code", 9, True]])


@pytest.mark.parametrize(
    "columns",
    [
        [],
        "code",
        [["Box", "code", 9]],
        [["", "code", 9, True]],
        [["Box", "shoe size", 9, True]],
        [["Box", "code", 0, True]],
        [["Box", "code", True, True]],
        [["Box", "code", 9, "yes"]],
        [["Box", ["code"], 9, True]],
        [["Box", "code", 9, True], ["Box", "city", 9, True]],
        [["Town", "city", 9, True]],
    ],
)
def test_columns_that_cannot_be_used_are_refused_in_words(columns):
    with pytest.raises(files.UnusableColumns):
        files.columns_of(columns)


def test_a_profile_writes_in_characters_we_know():
    with pytest.raises(IntegrityError, match="campaigns_carrierprofile_characters"):
        CarrierProfile.objects.create(name="New", carrier="ups", characters="ebcdic")
