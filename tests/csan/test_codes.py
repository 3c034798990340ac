"""Short codes: there and back for every number, and nothing to tell one from the next."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from csan.lib import codes


@given(some.integers(min_value=0, max_value=2**40 - 1))
def test_a_number_becomes_a_code_and_the_code_the_number_again(number):
    code = codes.scramble("test", number)
    assert (len(code), set(code) <= set(codes.ALPHABET)) == (8, True)
    assert codes.unscramble("test", code) == codes.unscramble("test", code.lower()) == number


def test_no_character_looks_like_another():
    assert set("0O1I") & set(codes.ALPHABET) == set()
    assert len(set(codes.ALPHABET)) == 32


def test_numbers_in_a_row_have_codes_of_their_own_that_do_not_look_alike():
    made = [codes.scramble("test", number) for number in range(2000)]
    assert len(set(made)) == 2000
    alike = [sum(a == b for a, b in zip(one, other, strict=True)) for one, other in pairwise(made)]
    assert sum(alike) / len(alike) < 0.5  # of eight characters; by chance a quarter


def test_each_purpose_has_codes_of_its_own():
    assert codes.scramble("one", 7) != codes.scramble("other", 7)
    assert codes.sealed("one", "7") != codes.sealed("other", "7")


@pytest.mark.parametrize("wrong", ["", "7KQ2M9A", "7KQ2M9AXX", "7KQ2M9A0", "7KQ2-M9A", "ñKQ2M9AX"])
def test_what_cannot_be_a_code_is_none(wrong):
    assert codes.unscramble("test", wrong) is None


def test_a_code_is_known_however_it_is_typed():
    code = codes.sealed("test", "7")
    typed = [code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]} "]
    assert [codes.is_same(code, each) for each in typed] == [True] * 4
    assert [codes.is_same(code, each) for each in ("", code[:-1], codes.sealed("test", "8"), "é")] == [False] * 4
