"""A map of the country in which every state is one square: small states can be seen, and large ones do not shout.

Which square stands where is our own choice: as near to the neighbours as eleven columns allow.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from csan.lib.groups import public_groups
from csan.lib.states import name_of

GRID = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN WI MI .. NY MA RI",
    "OR NV WY SD IA IL IN OH PA NJ CT",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. TX .. .. .. .. FL .. ..",
    "GU MP AS .. .. .. .. .. .. PR VI",
)
PLACES = {
    code: (column, row) for row, line in enumerate(GRID) for column, code in enumerate(line.split()) if code != ".."
}
SIZE = 40  # of a square with its gap, in the drawing's own units
STEPS = 4  # of lightness, beside the one of squares that show no number


@dataclass(frozen=True)
class Tile:
    """A state's square. `count` is None where the group is too small to be shown, or where there is nobody."""

    code: str
    name: str
    x: int
    y: int
    count: int | None
    step: int  # 0: no number; 1 (few) to 4 (many)


@dataclass(frozen=True)
class TileMap:
    """What `components/tile_map.html` draws: the squares, and the rows of the table beside them."""

    tiles: list[Tile]
    rows: list[Tile]  # the squares with a number, the highest first
    unit: str
    fewest: int
    width: int = len(GRID[0].split()) * SIZE
    height: int = len(GRID) * SIZE

    def __bool__(self) -> bool:
        """Whether any state has a number to show; a page may leave the map out until one has."""
        return bool(self.rows)

    @property
    def codes(self) -> set[str]:
        """The states that show a number."""
        return {tile.code for tile in self.rows}

    @property
    def highest(self) -> list[Tile]:
        """Those that the drawing's description names."""
        return self.rows[:3]


def tile_map(counts: Mapping[str, int], *, fewest: int = 5, unit: str) -> TileMap:
    """The map of `counts` by the states' two letters; other keys are left out.

    A state with less than `fewest` shows no number, and looks like one with none: in a small group a number could
    point to a person. `unit` says in words what is counted, such as "signatures".
    """
    shown = _shown(counts, fewest)
    most = max(shown.values(), default=0)
    tiles = [
        Tile(code, name_of(code), column * SIZE, row * SIZE, shown.get(code), _step(shown.get(code), fewest, most))
        for code, (column, row) in PLACES.items()
    ]
    rows = sorted((tile for tile in tiles if tile.count), key=lambda tile: (-(tile.count or 0), tile.name))
    return TileMap(tiles=tiles, rows=rows, unit=unit, fewest=fewest)


def _shown(counts: Mapping[str, int], fewest: int) -> dict[str, int]:
    """The states that show their number; whoever is in none hides among those that do not."""
    known = {code: count for code, count in counts.items() if code in PLACES}
    nowhere = sum(counts.values()) - sum(known.values())
    return public_groups(known, places=len(PLACES), outside=nowhere, fewest=fewest).shown


def _step(count: int | None, fewest: int, most: int) -> int:
    """Each step stands for the same factor, not the same number: else all but the largest state would look alike."""
    if count is None:
        return 0
    lowest = max(fewest, 1)
    if most <= lowest:
        return STEPS
    return 1 + min(STEPS - 1, int(STEPS * math.log(count / lowest) / math.log(most / lowest)))
