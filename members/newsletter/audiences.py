"""Items for some readers only: who sees which, and into how many different letters that divides the readers.

Each item for some is a bit, in the order in which they stand in the issue. A reader's `variant` is the number that the
bits of what they see make, worked out by the database in one query for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Left

from csan.lib import offers
from csan.lib.states import NAMES, zip_codes_of
from members.models import PUBLIC, Issue, IssueItem, Subscription, Suppression
from members.models.people import LANGUAGE_CHOICES

# Materialized, since PostgreSQL would else work out each variant anew for every comparison of the grouping: with two
# states among 200,000 readers that took 4.4 s instead of 0.4.
COUNTED = """
    WITH reader (language, variant) AS MATERIALIZED ({readers})
    SELECT language, variant, count(*) FROM reader GROUP BY language, variant ORDER BY 3 DESC, 1, 2
"""
PLAIN = "0"  # the variant without anything for some
MOST_FOR_SOME = 6  # items of an issue
MOST_RENDITIONS = 16  # different letters of an issue, all languages together: what a human can still look over


class TooManyVariants(Exception):
    """The items for some readers divide them into more different letters than anybody could look over."""


class UnknownAudience(ValueError):
    """What an item's audience says is no local, district, state or act that we know; the text says which."""


@dataclass(frozen=True)
class Variant:
    """A group of readers who get the same letter: which of the items for some they see, and how many they are."""

    language: str
    variant: str
    sees: list[bool]
    readers: int


def for_some(items: Sequence[IssueItem]) -> list[IssueItem]:
    """The items that not everybody sees, in their order."""
    return [item for item in items if item.is_for_some]


def bits_of(issue: Issue, items: Sequence[IssueItem]) -> dict[int, int]:
    """The bit of each item for some, by the item's pk; of a frozen issue those it was frozen with."""
    order = issue.frozen_blocks if issue.is_frozen else [item.pk for item in for_some(items)]
    return {pk: 1 << at for at, pk in enumerate(order)}


def is_seen(item: IssueItem, bits: dict[int, int], variant: str) -> bool:
    """Whether readers of a variant see an item. In public nobody sees what is for some."""
    if not item.is_for_some:
        return True
    return variant != PUBLIC and bool(int(variant) & bits.get(item.pk, 0))


def everything(issue: Issue, items: Sequence[IssueItem]) -> str:
    """The variant of somebody who would see all of it."""
    return str(sum(bits_of(issue, items).values()))


def named(item: IssueItem) -> list[str]:
    """What `audience_of` lists, trimmed."""
    return [name.strip() for name in item.audience_of.split(",") if name.strip()]


def condition(item: IssueItem) -> Q | Exists:
    """Which subscriptions see the item, as a condition. Raises UnknownAudience."""
    names = named(item)
    match item.audience:
        case IssueItem.Audience.LOCAL:
            return Q(person__local__number__in=names)
        case IssueItem.Audience.DISTRICT:
            return Q(person__local__district__in=names)
        case IssueItem.Audience.EMPLOYER:
            met = Q()
            for name in names:
                met |= Q(person__employer__iexact=name)
            return met
        case IssueItem.Audience.STATE:
            return _in_states(names)
        case IssueItem.Audience.UNDONE:
            return _undone(names)
    return Q(pk__isnull=False)


def _in_states(names: Sequence[str]) -> Q:
    """By the person's ZIP code; without one by the state of their local."""
    codes = [name.upper() for name in names]
    if unknown := [name for name in names if name.upper() not in NAMES]:
        raise UnknownAudience(f"{unknown[0]} is no state; write the two letters of the post, such as TX.")
    zips = [each for code in codes for each in zip_codes_of(code)]
    return Q(zip5__in=zips) | Q(person__zip_code="", person__local__state__in=codes)


def _undone(names: Sequence[str]) -> Q:
    met = Q()
    for name in names:
        act = offers.act(name)
        if act is None:
            raise UnknownAudience(f"There is no such act as {name}.")
        met |= ~Q(Exists(act.done().filter(email_key=OuterRef("person__email_key"))))
    return met


def variant_expression(items: Sequence[IssueItem]) -> Combinable:
    """A subscription's variant. Raises UnknownAudience."""
    total: Combinable = Value(0)
    for at, item in enumerate(for_some(items)):
        total = total + Case(When(condition(item), then=Value(1 << at)), default=Value(0), output_field=IntegerField())
    return total


def readers(items: Sequence[IssueItem]) -> QuerySet[Any]:
    """Everybody the issue is for, each with the `variant` they get. Raises UnknownAudience."""
    return (
        Subscription.objects.active()
        .annotate(zip5=Left("person__zip_code", 5))
        .annotate(variant=variant_expression(items))
    )


def reachable() -> QuerySet[Subscription]:
    """Everybody who is subscribed and whose mailbox is not suppressed."""
    return Subscription.objects.active().exclude(_is_suppressed())


def _is_suppressed() -> Exists:
    return Exists(Suppression.objects.filter(email_key=OuterRef("person__email_key")))


def variants(items: Sequence[IssueItem]) -> list[Variant]:
    """Who sees what, how many: each group of readers who would get the same letter now, the largest first.

    People whose mailbox is suppressed are not counted. Raises UnknownAudience.
    """
    found = readers(items).exclude(_is_suppressed()).values_list("person__language", "variant")
    some = len(for_some(items))
    return [
        Variant(language, str(variant), [bool(variant & 1 << at) for at in range(some)], count)
        for language, variant, count in _counted(found)
    ]


def _counted(found: QuerySet[Any, Any]) -> list[tuple[str, int, int]]:
    """How often each language and variant is among them, the most frequent first."""
    sql, params = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(readers=sql), params)
        rows: list[tuple[str, int, int]] = cursor.fetchall()
        return rows


def needed(items: Sequence[IssueItem]) -> list[tuple[str, str]]:
    """Language and variant of every letter that somebody would get. Raises UnknownAudience, TooManyVariants."""
    if len(for_some(items)) > MOST_FOR_SOME:
        raise TooManyVariants
    counted = _counted(readers(items).values_list("person__language", "variant"))
    found = sorted((language, str(variant)) for language, variant, _ in counted)
    known = {code for code, _ in LANGUAGE_CHOICES}
    if len(found) > MOST_RENDITIONS:
        raise TooManyVariants
    return [(language, variant) for language, variant in found if language in known]
