"""What an app offers to readers of the newsletter, without the newsletter knowing the app.

An app registers, when it is ready, functions that say what it would like readers to do (`offer`), and acts of which
it can say who has done them (`Act`), so that an item can be shown to those only who have not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Offer:
    """Something a reader could do now. The words are plain, by language; `undone` is the key of its act, if any."""

    key: str
    heading: dict[str, str]
    words: dict[str, str]
    url: str
    undone: str = ""


@dataclass(frozen=True)
class Act:
    """Something people do. `done()` gives rows with an `email_key` column, of everybody who has."""

    key: str
    label: str
    done: Callable[[], "QuerySet[Any]"]


Offers = Callable[[datetime | None, date], Iterable[Offer]]
_offers: list[Offers] = []
_acts: list[Callable[[], Iterable[Act]]] = []


def register(*, offers: Offers | None = None, acts: Callable[[], Iterable[Act]] | None = None) -> None:
    """Called by an app when it is ready.

    `offers` is given the moment since when news counts as new (None: there was no issue yet), and the day on which
    people will read it.
    """
    if offers is not None and offers not in _offers:
        _offers.append(offers)
    if acts is not None and acts not in _acts:
        _acts.append(acts)


def all_offers(*, since: datetime | None, on: date) -> list[Offer]:
    """What every app offers to whoever reads it on a day, in the order in which the apps stand."""
    return [offer for offers in _offers for offer in offers(since, on)]


def all_acts() -> list[Act]:
    """Every act that can be asked about."""
    return [act for acts in _acts for act in acts()]


def act(key: str) -> Act | None:
    """The act of a key."""
    return next((each for each in all_acts() if each.key == key), None)
