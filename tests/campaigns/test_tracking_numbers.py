"""Whose a tracking number looks like, and whether it was mistyped."""

import pytest

from campaigns.carriers import numbers


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        # UPS
        ("1Z5R89390357567127", "ups"),
        ("1z5r89390357567127", "ups"),
        ("1Z 879E 9303 4683 4440", "ups"),
        ("1Z879E930346834441", ""),
        ("1Z 879E 9305 1000 7708", ""),
        # FedEx: Express, Ground, Economy, the long form on the label
        ("986578788855", "fedex"),
        ("477179081230", "fedex"),
        ("799531274483", "fedex"),
        ("986578788856", ""),
        ("0414 4176 0228 964", "fedex"),
        ("568283610012734", "fedex"),
        ("568283610012732", ""),
        ("61299998820821171811", "fedex"),
        ("6129 9998 8208 2117 1811", "fedex"),
        ("61299998820821171812", ""),
        ("61292701075324651235", ""),
        ("9611020987654312345672", "fedex"),
        ("9611020987654312345671", ""),
        # USPS: twenty digits, twenty-two, twenty-six, with the way before it, abroad
        ("7112 3456 7891 2345 6787", "usps"),
        ("0307 1790 0005 2348 3741", "usps"),
        ("0307 1790 0005 2348 3742", ""),
        ("7196 9010 7560 0307 7385", "usps"),
        ("9400 1112 0255 5842 3325 15", "usps"),
        ("9400 1112 0255 5842 3325 16", ""),
        ("9505 5110 6960 5048 6006 24", "usps"),
        ("9101 1234 5678 9000 0000 13", "usps"),
        ("9361 2898 7870 0317 6337 95", "usps"),
        ("92748931507708513018050063", "usps"),
        ("92748931507708513018050064", ""),
        ("420 22153 9101026837331000039521", "usps"),
        ("RB123456785US", "usps"),
        ("RB123456784US", ""),
        ("RB123456785GB", ""),
        # Nobody's
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
        ("fedex", "568283610012732", True),
        ("fedex", "61299998820821171811", False),
        ("fedex", "61299998820821171812", True),
        ("fedex", "58299998820821171812", False),  # twenty digits of a kind we know nothing of
        ("usps", "92748931507708513018050064", True),
        ("usps", "61299998820821171812", False),
        ("other", "986578788856", False),
    ],
)
def test_a_wrong_digit_is_seen_only_where_the_form_is_the_carriers_own(carrier, number, is_mistyped):
    assert numbers.is_mistyped(carrier, number) is is_mistyped


@pytest.mark.parametrize(
    ("scanned", "number"),
    [
        ("420221539101026837331000039521", "9101026837331000039521"),
        ("4201002334249200190132607600833457", "9200190132607600833457"),
        ("4201028200009261290113185417468510", "9261290113185417468510"),
        (" 1z 5r8 9390357567127 ", "1Z5R89390357567127"),
    ],
)
def test_what_a_scanner_reads_before_the_number_is_left_out(scanned, number):
    assert numbers.plain(scanned) == number
