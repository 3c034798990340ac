"""Who sees which part of an issue, in words and numbers, for the eyes of staff: what audiences there are, how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Count
from django.db.models.functions import Left

from csan.lib import offers
from csan.lib.states import NAMES
from members.models import Issue, IssueItem, Local, Person
from members.newsletter import audiences
from members.newsletter.audiences import UnknownAudience, Variant
from members.newsletter.contents import items_of

MOST_NAMES = 200  # offered to choose from
Audience = IssueItem.Audience
MEANINGS = {
    Audience.EVERYONE: "Every reader sees it, and so does the archive on the site.",
    Audience.LOCAL: "Readers who told us that they belong to one of these locals. By number: 1101, 6327.",
    Audience.DISTRICT: "Readers whose local lies in one of these districts of the union: 1, 2-13, 6.",
    Audience.EMPLOYER: "Readers who named this employer, written as they wrote it: AT&T, Verizon.",
    Audience.STATE: "Readers whose ZIP code, or else whose local, is in one of these states: TX, OK.",
    Audience.UNDONE: "Readers who have not done this yet, such as sign a petition; whoever has is left in peace.",
}
FOR_SOME = "What is for some readers is in their letters only; the archive on the site leaves it out."


@dataclass(frozen=True)
class Block:
    """An item that not everybody sees, and how many do."""

    item: IssueItem
    said: str
    readers: int


@dataclass(frozen=True)
class Matrix:
    """Who sees what, how many: the blocks, and each group of readers who get the same letter, the largest first."""

    blocks: list[Block]
    groups: list[Variant]

    @property
    def readers(self) -> int:
        return sum(group.readers for group in self.groups)

    @property
    def is_too_much(self) -> bool:
        """Whether it cannot be frozen like this."""
        return len(self.groups) > audiences.MOST_RENDITIONS or len(self.blocks) > audiences.MOST_FOR_SOME


def matrix(issue: Issue) -> Matrix:
    """Counted now, in one query. Raises UnknownAudience."""
    items = items_of(issue)
    groups, said = audiences.variants(items), in_words(items)
    blocks = [
        Block(item, said[item.pk], sum(group.readers for group in groups if group.sees[at]))
        for at, item in enumerate(audiences.for_some(items))
    ]
    return Matrix(blocks, groups)


def in_words(items: Iterable[IssueItem]) -> dict[int, str]:
    """Who sees each of the items that are for some, by the item's pk."""
    some = [item for item in items if item.is_for_some]
    is_asked = any(item.audience == Audience.UNDONE for item in some)
    acts = {act.key: act.label for act in offers.all_acts()} if is_asked else {}
    return {
        item.pk: f"{item.get_audience_display()}: {', '.join(acts.get(name, name) for name in audiences.named(item))}"
        for item in some
    }


def reach(item: IssueItem) -> int:
    """How many people would see an item, whether it is saved or not. Raises UnknownAudience."""
    found = audiences.reachable().annotate(zip5=Left("person__zip_code", 5))
    return found.filter(audiences.condition(item)).count()


def names(audience: str) -> list[tuple[str, str]]:
    """What an audience can be of, each with what it is called, for a list to choose from."""
    match audience:
        case Audience.LOCAL:
            rows = Local.objects.order_by("affiliate", "number")
            return [(row.number, str(row)) for row in rows[:MOST_NAMES]]
        case Audience.DISTRICT:
            found = Local.objects.exclude(district="").order_by("district").values_list("district", flat=True)
            return [(district, f"District {district}") for district in found.distinct()]
        case Audience.EMPLOYER:
            counted = Person.objects.exclude(employer="").values_list("employer").annotate(people=Count("pk"))
            return [(name, f"{count:,}") for name, count in counted.order_by("-people", "employer")[:MOST_NAMES]]
        case Audience.STATE:
            return [(code, str(name)) for code, name in NAMES.items()]
        case Audience.UNDONE:
            return [(act.key, act.label) for act in offers.all_acts()]
    return []


def check_names(item: IssueItem) -> None:
    """See that we know everything that an item's audience names. Raises UnknownAudience, which says what is meant."""
    for name in audiences.named(item):
        if not _is_known(item.audience, name):
            near = get_close_matches(name.lower(), [known.lower() for known, _ in names(item.audience)], n=1)
            hint = f" Did you mean {_as_written(item.audience, near[0])}?" if near else ""
            raise UnknownAudience(f"{_unknown(item.audience, name)}{hint}")


def _is_known(audience: str, name: str) -> bool:
    match audience:
        case Audience.LOCAL:
            return Local.objects.filter(number=name).exists()
        case Audience.DISTRICT:
            return Local.objects.filter(district=name).exists()
        case Audience.EMPLOYER:
            return Person.objects.filter(employer__iexact=name).exists()
        case Audience.STATE:
            return name.upper() in NAMES
        case Audience.UNDONE:
            return offers.act(name) is not None
    return False


def _as_written(audience: str, lower: str) -> str:
    return next(known for known, _ in names(audience) if known.lower() == lower)


def _unknown(audience: str, name: str) -> str:
    return {
        Audience.LOCAL: f"There is no local {name}. Write its number only, such as 1101.",
        Audience.DISTRICT: f"No local of ours lies in a district {name}.",
        Audience.EMPLOYER: f"Nobody has told us that they work for {name}.",
        Audience.STATE: f"{name} is no state. Write the two letters of the post, such as TX.",
        Audience.UNDONE: f"There is nothing called {name} that people could do. Choose one from the list.",
    }[Audience(audience)]


def too_many(issue: Issue, item: IssueItem) -> str:
    """Why an item for some is one too many, in words."""
    others = [each for each in audiences.for_some(items_of(issue)) if each.pk != item.pk]
    if len(others) >= audiences.MOST_FOR_SOME:
        return (
            f"An issue carries at most {audiences.MOST_FOR_SOME} items for some readers. Show this one to everyone, "
            "or leave another one out."
        )
    return (
        "With this, readers would get more different letters than anybody could look over "
        f"(at most {audiences.MOST_RENDITIONS}). Choose an audience that another item has, or show it to everyone."
    )
