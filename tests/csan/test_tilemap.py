"""The map of tiles: every state once, small groups hidden, lightness by size; and what its component draws."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from csan.lib.states import NAMES, name_of, state_of
from csan.lib.tilemap import GRID, PLACES, STEPS, tile_map


def tile(found, code):
    return next(each for each in found.tiles if each.code == code)


def drawn(counts, **options):
    return render_to_string("components/tile_map.html", {"map": tile_map(counts, unit="signatures", **options)})


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_every_state_has_one_place_of_its_own():
    codes = [code for line in GRID for code in line.split() if code != ".."]
    assert (len(codes), set(codes)) == (56, set(NAMES))
    assert len(set(PLACES.values())) == 56
    assert {len(line.split()) for line in GRID} == {11}


@pytest.mark.parametrize(("count", "shown"), [(0, None), (1, None), (4, None), (5, 5), (6, 6)])
def test_a_small_group_looks_like_none(count, shown):
    found = tile_map({"TX": count, "NY": 100}, unit="signatures")
    assert (tile(found, "TX").count, tile(found, "TX").step == 0) == (shown, shown is None)
    assert [row.code for row in found.rows] == (["NY", "TX"] if shown else ["NY"])


def test_nothing_tells_four_from_none():
    assert drawn({"TX": 4, "NY": 9}) == drawn({"NY": 9}) == drawn({"TX": 0, "NY": 9, "": 7})


def test_a_small_rest_hides_among_more_where_subtracting_would_tell_it():
    """All states but one show a number, so the total tells the last one's, and the smallest has to hide with it."""
    counts = {code: 10 + n for n, code in enumerate(PLACES)}
    smallest, *_, last = PLACES
    found = tile_map({**counts, last: 1}, unit="signatures")
    assert [row.code for row in found.tiles if row.count is None] == [smallest, last]
    whole = tile_map(counts, unit="signatures")
    assert [row.code for row in whole.tiles if row.count is None] == []


def test_a_small_rest_among_many_states_hides_nothing_more():
    assert [row.code for row in tile_map({"TX": 9, "ME": 1}, unit="signatures").rows] == ["TX"]


def test_another_smallest_group_may_be_chosen():
    found = tile_map({"TX": 1, "ME": 0}, fewest=1, unit="locals")
    assert (tile(found, "TX").count, tile(found, "ME").count) == (1, None)
    assert "fewer than" not in words(render_to_string("components/tile_map.html", {"map": found}))


def test_more_is_never_a_lighter_step_and_the_ends_are_used():
    counts = {code: 5 * 2**n for n, code in enumerate(list(NAMES)[:12])}
    steps = [tile(tile_map(counts, unit="signatures"), code).step for code in counts]
    assert (steps, steps[0], steps[-1]) == (sorted(steps), 1, STEPS)
    assert set(steps) == {1, 2, 3, 4}


def test_where_all_are_alike_all_look_alike():
    assert {row.step for row in tile_map({"TX": 5, "NY": 5}, unit="signatures").rows} == {STEPS}


def test_what_is_no_state_is_left_out():
    assert tile_map({"": 99, "AE": 99, "XX": 99}, unit="signatures").rows == []


def test_the_table_has_the_numbers_by_size_then_name_and_the_drawing_names_the_highest():
    html = drawn({"TX": 1234, "CA": 50, "AZ": 50, "ME": 4})
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', html, re.DOTALL)
    assert rows == [
        ("Texas", "1,234"),
        ("Arizona", "50"),
        ("California", "50"),
        ("Every other state and territory", "fewer than 5"),
    ]
    assert "Texas: 1,234. Arizona: 50. California: 50. The table below" in words(html)
    assert "<caption>Signatures by state</caption>" in html
    assert html.count("<rect") == 56
    assert " style=" not in html


def test_a_map_of_nobody_says_so_and_can_be_drawn():
    assert [bool(tile_map({"TX": count}, unit="signatures")) for count in (4, 5)] == [False, True]
    assert "Every state and territory fewer than 5" in words(drawn({}))


def test_names_are_in_the_readers_language():
    assert (name_of("TX"), name_of("VI"), name_of("XX")) == ("Texas", "U.S. Virgin Islands", "")
    with translation.override("es"):
        assert name_of("VI") == "Islas Vírgenes de EE. UU."


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [
        ("20001", "DC"), ("02139-1234", "MA"), ("021391234", "MA"), (" 75201", "TX"), ("00901", "PR"), ("00801", "VI"),
        ("96910", "GU"), ("96799", "AS"), ("96950", "MP"), ("09001", ""), ("96941", ""), ("00000", ""), ("", ""),
        ("1234", ""), ("K1A 0B1", ""), ("٠٢١٣٩", ""),
    ],
)  # fmt: skip
def test_the_state_of_a_zip_code(zip_code, state):
    assert state_of(zip_code) == state
