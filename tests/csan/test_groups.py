"""Small groups stay hidden: by themselves, and from whoever subtracts what is shown from the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csan.lib.groups import FEWEST, public_groups

groups = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 12))


@given(counts=groups, places=st.none() | st.integers(8, 20), outside=st.integers(0, 6))
def test_no_hidden_group_can_be_told_by_any_subtraction(counts, places, outside):
    found = public_groups(counts, places=places, outside=outside)
    hidden = {key: count for key, count in counts.items() if key not in found.shown}
    assert all(count >= FEWEST for count in found.shown.values())
    assert found.shown.items() <= counts.items()
    assert found.rest == sum(hidden.values()) + outside
    assert found.rest == sum(counts.values()) + outside - sum(found.shown.values())
    # What is left after subtracting is nothing, a group that may be shown, or spread over too many to point at one.
    spread = (places or 0) - len(found.shown) >= FEWEST
    assert found.rest == 0 or found.rest >= FEWEST or spread or not found.shown
    assert (found.told_rest is None) == (0 < found.rest < FEWEST)


@given(counts=groups)
def test_one_small_group_alone_is_never_the_only_hidden_one_in_a_known_total(counts):
    hidden = [key for key in counts if key not in public_groups(counts).shown and counts[key]]
    assert len(hidden) != 1 or sum(counts.values()) < FEWEST


@given(counts=groups)
def test_nothing_more_is_hidden_than_one_group(counts):
    found = public_groups(counts)
    large = {key for key, count in counts.items() if count >= FEWEST}
    assert len(large) - len(found.shown) in (0, 1)


@pytest.mark.parametrize(
    ("counts", "places", "shown"),
    [
        ({"A": 9, "B": 7, "C": 2}, None, {"A"}),  # B hides C
        ({"A": 9, "B": 7, "C": 2}, 50, {"A", "B"}),  # C is one of 48
        ({"A": 9, "B": 7, "C": 2, "D": 3}, None, {"A", "B"}),  # 5 in two groups
        ({"A": 9}, None, {"A"}),
        ({"A": 4}, None, set()),
        ({}, None, set()),
    ],
)
def test_examples(counts, places, shown):
    assert set(public_groups(counts, places=places).shown) == shown
