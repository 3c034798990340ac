"""How many of an item a place gets, in pieces and in words; who gets what where there is too little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import kits
from campaigns.kits import Quantity, Served, Want
from campaigns.models import Item, KitRule, Wave

POLICIES = Wave.Policy.values


def rule(kind="per-member", *, pack=1, **values) -> KitRule:
    return KitRule(kind=kind, item=Item(pk=1, pack_size=pack), **values)


@pytest.mark.parametrize(
    ("kit_rule", "members", "amount", "reason"),
    [
        (rule(over_percent=5, rounds_to_pack=True, pack=10), 143, 160, "143 members + 5 % = 151 → 16 packs of 10"),
        (rule(over_percent=10, rounds_to_pack=True, pack=500), 20, 500, "20 members + 10 % = 22 → 1 pack of 500"),
        (rule(), 1, 1, "1 member"),
        (rule(amount=2), 1200, 2400, "1,200 members × 2 = 2,400"),
        (rule("one-per", amount=25), 143, 6, "143 members, 1 for every 25 = 6"),
        (rule("per-place", amount=3), 143, 3, "3 for the place"),
        (rule("per-local", amount=1), 143, 1, "1 for the local"),
        (rule(minimum=50), 12, 50, "12 members, at least 50"),
        (rule(maximum=100), 143, 100, "143 members, at most 100"),
        (rule(maximum=105, rounds_to_pack=True, pack=10), 143, 100, "143 members, at most 105 → 10 packs of 10"),
        (
            rule(maximum=5, rounds_to_pack=True, pack=10), 143, 5,
            "143 members, at most 5; whole packs of 10 would be more than the most",
        ),
    ],
)  # fmt: skip
def test_each_quantity_says_how_it_was_reckoned(kit_rule, members, amount, reason):
    found = kits.quantity(kit_rule, Served(members))
    assert (found.amount, found.reason) == (amount, reason)


def test_a_rule_for_districts_is_for_no_other():
    only = rule(districts="3, 6")
    found = [kits.quantity(only, Served(5, district)) is not None for district in ("3", "6", "36", "")]
    assert found == [True, True, False, False]


def test_a_rule_for_a_task_is_for_who_pledged_it():
    only = rule(task_id=7)
    found = [kits.quantity(only, Served(5, tasks=frozenset(tasks))) is not None for tasks in ({7, 8}, {8}, ())]
    assert found == [True, False, False]


def test_what_each_local_gets_goes_to_its_main_place():
    assert kits.quantity(rule("per-local"), Served(5, is_main=False)) is None


def test_several_rules_add_up_with_their_reasons():
    both = [Quantity(160, "16 packs", least=10, unit=10), Quantity(3, "3 for the place", least=3)]
    assert kits.together(both) == Quantity(163, "16 packs and 3 for the place", least=13, unit=1)
    assert kits.together([]) is None


rules = st.builds(
    lambda kind, amount, over, least, more, pack, rounds: rule(
        kind, amount=amount, over_percent=over, minimum=least, maximum=None if more is None else least + more,
        pack=pack, rounds_to_pack=rounds,
    ),
    st.sampled_from(KitRule.Kind.values), st.integers(1, 500), st.integers(0, 100), st.integers(0, 500),
    st.none() | st.integers(0, 500), st.integers(1, 300), st.booleans(),
)  # fmt: skip


@given(rules, st.integers(0, 5000), st.integers(0, 500))
def test_more_members_never_get_fewer_and_bounds_hold(kit_rule, members, more):
    few, many = (kits.quantity(kit_rule, Served(count)) for count in (members, members + more))
    assert few.amount <= many.amount
    assert few.amount >= kit_rule.minimum
    assert kit_rule.maximum is None or many.amount <= kit_rule.maximum
    assert few.least <= few.amount
    assert few.amount % few.unit == 0


wants = st.lists(
    st.integers(0, 400).flatmap(lambda amount: st.builds(Want, st.just(amount), st.integers(0, amount))), max_size=30
)


@given(wants, st.integers(0, 8000), st.sampled_from(POLICIES), st.integers(1, 50))
def test_sharing_gives_all_there_is_and_nobody_more_than_wanted(asked, available, policy, unit):
    asked = [Want(want.amount * unit, want.least) for want in asked]
    found = kits.share(asked, available, policy=policy, unit=unit)
    assert sum(found) == min(available // unit * unit, sum(want.amount for want in asked))
    assert all(0 <= number <= want.amount and number % unit == 0 for number, want in zip(found, asked, strict=True))


@given(wants, st.integers(0, 4000), st.integers(0, 400))
def test_more_stock_gives_nobody_less_in_the_order_of_registering(asked, available, more):
    few, many = (kits.share(asked, stock, policy="first-come") for stock in (available, available + more))
    assert all(before <= after for before, after in zip(few, many, strict=True))


@given(wants, st.integers(0, 4000))
def test_the_same_share_is_the_same_to_within_one_piece(asked, available):
    found = kits.share(asked, available, policy="pro-rata")
    whole = sum(want.amount for want in asked)
    part = min(1, available / whole) if whole else 1
    assert all(abs(number - want.amount * part) < 1 + 1e-6 for number, want in zip(found, asked, strict=True))


@given(wants)
def test_minimum_first_gives_the_least_to_all_where_it_suffices(asked):
    least = [min(want.amount, max(want.least, 1)) for want in asked]
    found = kits.share(asked, sum(least), policy="minimum-first")
    assert found == least


def test_what_each_policy_makes_of_the_same_shortage():
    asked = [Want(100, 10), Want(60, 10), Want(40, 10)]
    assert {policy: kits.share(asked, 100, policy=policy) for policy in POLICIES} == {
        "pro-rata": [50, 30, 20],
        "first-come": [100, 0, 0],
        "minimum-first": [47, 31, 22],
        "by-hand": [50, 30, 20],
    }
