"""A slip in an address is noticed; somebody's real address is left in peace."""

import pytest

from csan.lib.typos import is_one_slip, likely_meant


@pytest.mark.parametrize(
    "domain",
    ["gmial.com", "gmai.com", "gmaill.com", "gnail.com", "gmail.con", "gmail.co", "gmail.comm"],
)
def test_one_slip_of_the_finger_is_noticed(domain):
    assert likely_meant(f"ada.l@{domain}") == "ada.l@gmail.com"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("yaho.com", "yahoo.com"), ("hotmial.com", "hotmail.com"), ("outlok.com", "outlook.com"),
     ("iclould.com", "icloud.com"), ("comcast.ner", "comcast.net")],
)  # fmt: skip
def test_other_common_mailboxes_too(typed, meant):
    assert likely_meant(f"ada@{typed}") == f"ada@{meant}"


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "ymail.com", "mail.com", "email.com", "aol.com", "cwa1101.org", "yahoo.co.uk", "example.org",
     "gmx.com", "live.com", "like.com", "googlemail.com"],
)  # fmt: skip
def test_real_domains_are_left_alone(domain):
    assert likely_meant(f"ada@{domain}") == ""


@pytest.mark.parametrize(
    ("typed", "meant", "is_slip"),
    [("abcd", "abcd", False), ("abdc", "abcd", True), ("abc", "abcd", True), ("abcde", "abcd", True),
     ("xbcd", "abcd", True), ("xycd", "abcd", False), ("ab", "abcd", False), ("badc", "abcd", False)],
)  # fmt: skip
def test_a_slip_is_one_letter_missing_too_many_wrong_or_swapped(typed, meant, is_slip):
    assert is_one_slip(typed, meant) is is_slip
