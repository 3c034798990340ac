"""What officers type, and what is made of it."""

import pytest
from django import forms

from campaigns.entering.fields import LocalNumberField, MembersField, PhoneField
from campaigns.entering.places import STATES, is_post_office_box


def cleaned(field: forms.Field, typed: str):
    """The value, or the codes of what is wrong."""
    try:
        return field.clean(typed)
    except forms.ValidationError as error:
        return [each.code for each in error.error_list]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1101", "1101"),
        (" Local 1101 ", "1101"),
        ("CWA 1101", "1101"),
        ("CWA Local 1101", "1101"),
        ("cwa local no. 1101", "1101"),
        ("CWA-1101", "1101"),
        ("Local#1101", "1101"),
        ("# 1101", "1101"),
        ("01101", "1101"),
        ("１１０１", "1101"),
        ("7026-a", "7026-A"),
        ("Local", ["invalid"]),
        ("CWA", ["invalid"]),
        ("000", ["invalid"]),
        ("IUE-CWA 81381", ["invalid"]),
        ("1101; drop", ["invalid"]),
        ("1234567890123", ["invalid"]),
        ("", ["required"]),
    ],
)
def test_a_local_number_is_found_in_what_people_write(typed, number):
    assert cleaned(LocalNumberField(), typed) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("202-555-0134", "202-555-0134"),
        ("(202)  555 0134", "(202) 555 0134"),
        ("+1 202.555.0134 ext. 12", "+1 202.555.0134 ext. 12"),
        ("555-0134", ["invalid"]),
        ("call the hall at 2025550134", ["invalid"]),
        ("", ["required"]),
    ],
)
def test_a_telephone_number_has_its_area_code(typed, kept):
    assert cleaned(PhoneField(), typed) == kept


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("140", 140),
        (" 1,200 ", 1200),
        ("0", ["min_value"]),
        ("-3", ["min_value"]),
        ("9" * 30, ["max_value"]),
        ("about 40", ["invalid"]),
        ("", ["required"]),
    ],
)
def test_members_are_counted_in_whole_people(typed, count):
    assert cleaned(MembersField(min_value=1, max_value=100_000), typed) == count


@pytest.mark.parametrize(
    "line",
    [
        "PO Box 12",
        "P.O. Box 12",
        "p o box 12",
        "P.O.B. 12",
        "POB 55",
        "POBox 7",
        "Post Office Box 9",
        "Lock Box 3",
        "Box 20432",
        "Box #7",
        "Apartado 123",
        "12 Main St, PO Box 5",
    ],
)
def test_a_post_office_box_is_seen(line):
    assert is_post_office_box(line)


@pytest.mark.parametrize(
    "line",
    [
        "501 Third Street NW",
        "14 Box Elder Road",
        "12 Post Road",
        "PSC 473 Box 12",
        "RR 2 Box 18",
        "88 Main St PMB 5",
        "Suite 900",
        "4 Pobble Lane",
        "Boxer Avenue 3",
    ],
)
def test_a_street_is_no_post_office_box(line):
    assert not is_post_office_box(line)


def test_every_place_of_the_postal_service_can_be_chosen():
    codes = [code for code, _ in STATES]
    assert len(codes) == len(set(codes)) == 59
    assert {"DC", "PR", "VI", "GU", "AS", "MP", "AA", "AE", "AP"} <= set(codes)
