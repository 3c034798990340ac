"""The photos to choose from in the composer: the newest first, searched by what they show, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from members.models import Picture

PER_PAGE = 48
LOOK, NEXT, PREVIOUS = "photos", "photos-next", "photos-previous"  # names of the buttons
STEPS = {LOOK: 0, NEXT: 1, PREVIOUS: -1}


@dataclass(frozen=True)
class Shelf:
    """One page of photos that show what was asked for."""

    asked: str
    number: int
    pages: int
    count: int
    pictures: list[Picture]

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def is_looking(typed: Mapping[str, str]) -> bool:
    """Whether a button was pressed that looks through the photos and saves nothing."""
    return typed.get("do") in STEPS


def choosable(chosen: int | None) -> QuerySet[Picture]:
    """Every photo that may stand in an issue, and the one that stands there already."""
    free = Picture.objects.settled().values("pk")
    return Picture.objects.filter(Q(pk__in=free) | Q(pk=chosen)).order_by("-pk")


def shelf_of(typed: Mapping[str, str], photos: QuerySet[Picture]) -> Shelf:
    """What the form asks for: the words and the page it stands at, and which way the button leads from there."""
    asked = " ".join(typed.get("photos_asked", "").split())
    for word in asked.split():
        photos = photos.filter(Q(alt__icontains=word) | Q(alt_es__icontains=word) | Q(credit__icontains=word))
    count = photos.count()
    pages = max(1, -(-count // PER_PAGE))
    do, at = typed.get("do", ""), typed.get("photos_page", "")
    page = int(at) if at.isascii() and at.isdecimal() and len(at) < 6 and do != LOOK else 1
    number = min(max(1, page + STEPS.get(do, 0)), pages)
    return Shelf(asked, number, pages, count, list(photos[(number - 1) * PER_PAGE : number * PER_PAGE]))
