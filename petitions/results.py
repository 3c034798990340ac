"""What the public may see of a petition's counts: over time, by state and district, and of the locals that want to.

Groups under five are hidden, and those that would give a hidden one away. A district is shown only where its state is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from csan.lib.groups import FEWEST, public_groups
from csan.lib.states import name_of
from csan.lib.tilemap import TileMap, tile_map
from csan.lib.timechart import TimeChart, time_chart
from members.models import Local
from petitions import tallies
from petitions.models import District, Petition

CSV_HEADER = ("state", "district", "signatures")


@dataclass(frozen=True)
class StateResult:
    """A state that shows its number, with the districts that show theirs."""

    code: str
    name: str
    count: int
    districts: list[tuple[str, int]]  # the highest first
    rest: int | None  # in other districts, or in one that is not known; None: too few to be told


@dataclass(frozen=True)
class LocalResult:
    """A local, its signatures and which part of its members they are."""

    local: Local
    count: int

    @property
    def share(self) -> int | None:
        """Per cent of its members, at most 100: friends sign as theirs. None where nobody knows how many it has."""
        return min(100, round(100 * self.count / self.local.size)) if self.local.size else None


def map_of(petition: Petition) -> TileMap:
    """Where the signers live."""
    return tile_map(tallies.by_state(petition), unit=_("signatures"))


def no_map() -> TileMap:
    """What stands for the map while maps are switched off."""
    return tile_map({}, unit=_("signatures"))


def chart_of(petition: Petition) -> TimeChart:
    """When they signed: from the first day to the last on which they could."""
    opened = timezone.localdate(petition.opens_at)
    ended = min(petition.closes_at or timezone.now(), timezone.now())
    return time_chart(tallies.by_day(petition), first=opened, last=timezone.localdate(ended), unit=_("signatures"))


def states_of(petition: Petition, found: TileMap) -> list[StateResult]:
    """The states of a map with their districts, the highest first."""
    by_district = tallies.by_district(petition)
    seats = seats_of_states()
    return [_state(tile.code, tile.count or 0, by_district, seats) for tile in found.rows]


def _state(code: str, count: int, by_district: dict[str, int], seats: dict[str, int]) -> StateResult:
    here = {district: number for district, number in by_district.items() if district[:2] == code}
    unknown = max(0, count - sum(here.values()))
    groups = public_groups(here, places=seats.get(code), outside=unknown)
    districts = sorted(groups.shown.items(), key=lambda each: (-each[1], each[0]))
    return StateResult(code, name_of(code), count, districts, groups.told_rest)


def seats_of_states() -> dict[str, int]:
    """How many districts each state has by the newest lines that we know."""
    newest = District.objects.aggregate(newest=Max("congress"))["newest"]
    rows = District.objects.filter(congress=newest).values_list("state")
    return dict(rows.annotate(count=Count("pk")).order_by("state"))


def locals_of(petition: Petition, *, everybody: bool = False) -> list[LocalResult]:
    """The locals that want to be seen, those with the most signatures first. For staff, all, and small groups too."""
    counts = tallies.by_local(petition)
    fewest = 1 if everybody else FEWEST
    chosen = Local.objects.in_bulk([pk for pk, number in counts.items() if pk and number >= fewest])
    found = [LocalResult(local, counts[pk]) for pk, local in chosen.items() if everybody or local.is_on_leaderboard]
    return sorted(found, key=lambda each: (-each.count, str(each.local)))


def csv_rows(petition: Petition) -> Iterator[tuple[str, str, int]]:
    """`results.csv` below its header. Without a district: the whole state. `other`: all that is not in the file."""
    found = map_of(petition)
    states = states_of(petition, found)
    for state in states:
        yield state.code, "", state.count
        for district, number in state.districts:
            yield state.code, district, number
    rest = tallies.count(petition) - sum(state.count for state in states)
    if rest >= FEWEST:
        yield "other", "", rest
