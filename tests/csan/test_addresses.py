"""One spelling to store, one key to find the same mailbox by."""

import pytest

from csan.lib.addresses import InvalidAddress, _validated, canonical, email_key, normalise


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ada.lovelace+news@gmail.com", "ada.lovelace+news@gmail.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_stored_trimmed_and_lower_case(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@", "ada@example", "a b@example.org", "josé@example.org", "a@b@c.org"]
)
def test_what_no_letter_can_reach_is_refused(typed):
    with pytest.raises(InvalidAddress):
        normalise(typed)


@pytest.mark.parametrize(
    "typed",
    [
        f"{'a' * 64}@example.org", f"{'a' * 65}@example.org", f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 56}.org",
        f"ada@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 56}.org", "a..b@example.org", ".a@example.org", "a.@example.org",
        "a_-b+c.d@example.org", "ada@-example.org", "ada@example..org", "ada@localhost", "ada@invalid", "@example.org",
        "ada@[192.0.2.1]", "ada@192.0.2.1", "ada\n@example.org", "ada@exa mple.org", "ada@xn--bcher-kva.example",
        "ada@example.org.", "ada<ada@example.org>",
    ],
)  # fmt: skip
def test_an_address_with_a_plain_name_is_judged_as_the_library_judges_it(typed):
    judged = []
    for judge in (normalise, lambda text: _validated(text, is_test=True)) * 2:
        try:
            judged.append(judge(typed))
        except InvalidAddress:
            judged.append("none")
    assert judged == [judged[1]] * 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.lovelace@gmail.com", "AdaLovelace+petition@googlemail.com"),
        ("ada@icloud.com", "ada@me.com"),
        ("ada+x@outlook.com", "ada@outlook.com"),
        ("ada-list@yahoo.com", "ada@yahoo.com"),
        ("ADA@example.org", "ada@example.org"),
    ],
)
def test_spellings_of_one_mailbox_have_one_key(one, other):
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.da@example.org", "ada@example.org"), ("ada+x@example.org", "ada@example.org"), ("ada@a.org", "ada@b.org")],
)
def test_where_a_provider_has_no_such_rule_they_are_two(one, other):
    assert email_key(one) != email_key(other)


def test_an_address_that_is_all_tag_keeps_its_name():
    assert canonical("+x@gmail.com") == "+x@gmail.com"


def test_a_key_needs_the_secret(settings):
    before = email_key("ada@example.org")
    settings.HASH_KEY = "another"
    assert email_key("ada@example.org") != before
