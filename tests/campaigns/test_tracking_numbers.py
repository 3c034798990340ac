"""Whose a tracking number looks like, and whether it was mistyped."""

import pytest

from campaigns.carriers import numbers


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z5R89390357567127", "ups"),
        ("1Z 879E 9305 1000 7708", ""),
        ("1z5r89390357567127", "ups"),
        ("9400 1112 0255 5842 3325 15", "usps"),
        ("9400 1112 0255 5842 3325 16", ""),
        ("7112 3456 7891 2345 6787", "usps"),
        ("RB123456785US", "usps"),
        ("RB123456784US", ""),
        ("986578788855", "fedex"),
        ("477179081230", "fedex"),
        ("986578788856", ""),
        ("9611020987654312345672", "fedex"),
        ("41288", ""),
        ("", ""),
    ],
)
def test_a_number_says_whose_it_is_where_its_check_digit_is_right(number, carrier):
    assert numbers.guess(number) == carrier


@pytest.mark.parametrize(
    ("carrier", "number", "is_mistyped"),
    [
        ("ups", "1Z5R89390357567127", False),
        ("ups", "1Z5R89390357567128", True),
        ("ups", "T1234567890", False),
        ("usps", "71123456789123456787", False),
        ("usps", "71123456789123456788", True),
        ("fedex", "986578788855", False),
        ("fedex", "986578788856", True),
        ("fedex", "1Z5R89390357567128", False),
        ("other", "986578788856", False),
    ],
)
def test_a_wrong_digit_is_seen_only_where_the_form_is_the_carriers_own(carrier, number, is_mistyped):
    assert numbers.is_mistyped(carrier, number) is is_mistyped
