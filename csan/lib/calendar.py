"""Calendar files (RFC 5545): days and moments that people put into their own calendars.

A moment is written in UTC, so no file needs a table of time zones; a day has no zone. The same happening always has
the same UID, and the newer DTSTAMP is the one that counts (RFC 5546), so a changed date moves the entry people have.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=12)  # how often a program that follows a calendar should look again


@dataclass(frozen=True)
class Happening:
    """Something with a date. `starts` is a moment, or the first day where `last_day` says the last one."""

    key: str  # lasting, such as action-7; the same in every language
    title: str
    url: str
    starts: datetime | date
    last_day: date | None = None
    description: str = ""
    place: str = ""
    sequence: int = 0  # one more each time it is moved (RFC 5545, 3.8.7.4)


def to_ics(happenings: Iterable[Happening], *, name: str) -> bytes:
    """A calendar that programs can read once or follow, in the reader's language."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{settings.MAIL_DOMAIN}//{(get_language() or 'en').upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    now = timezone.now().astimezone(UTC).replace(microsecond=0)
    for happening in happenings:
        calendar.add_component(_event(happening, now))
    return bytes(calendar.to_ical())


def _event(happening: Happening, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{happening.key}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", now)
    event.add("sequence", happening.sequence)
    event.add("summary", happening.title)
    starts = happening.starts
    event.add("dtstart", starts.astimezone(UTC) if isinstance(starts, datetime) else starts)
    if happening.last_day:
        event.add("dtend", happening.last_day + timedelta(days=1))  # the first day after it, says the RFC
        event.add("transp", "TRANSPARENT")  # whole days on which people can still be called
    if happening.place:
        event.add("location", happening.place)
    event.add("description", "\n\n".join(filter(None, [happening.description, happening.url])))
    event.add("url", happening.url)
    return event
