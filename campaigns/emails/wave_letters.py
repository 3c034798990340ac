"""The letter of the freeze: this is what we will send, how many, and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.formats import date_format

from campaigns.emails.writing import write
from campaigns.models import Box, BoxLine, Registration, ShipTo


def write_all(registrations: Mapping[int, Registration], boxes: Iterable[Box]) -> None:
    """One to each registration, however many boxes it gets; once for a wave."""
    own: defaultdict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        own[box.registration_id].append(box)
    lines: defaultdict[int, list[BoxLine]] = defaultdict(list)
    for line in BoxLine.objects.filter(box__in=[box.pk for each in own.values() for box in each]).select_related(
        "item"
    ):
        lines[line.box_id].append(line)
    for pk, each in own.items():
        _what_we_send(registrations[pk], each, lines)


def _what_we_send(registration: Registration, boxes: list[Box], lines: Mapping[int, list[BoxLine]]) -> None:
    week, language = registration.week, registration.language
    with translation.override(language):
        parcels = [
            {
                "place": _lines_of(box.place),
                "contents": [
                    f"{line.quantity} × {line.item.local_name}" for line in sorted(lines[box.pk], key=_by_sku)
                ],
            }
            for box in boxes
        ]
        ship_by = date_format(week.ship_by)
    key = f"registration:{registration.pk}:will-send:{boxes[0].wave_id}"
    write(registration, "what_we_send", key=key, ship_by=ship_by, boxes=parcels)


def _by_sku(line: BoxLine) -> str:
    return line.item.sku


def _lines_of(place: ShipTo) -> list[str]:
    """As on the label; of somebody's home the town alone, since letters are kept longer than homes."""
    return [f"{place.city}, {place.state}"] if place.is_home else place.lines
