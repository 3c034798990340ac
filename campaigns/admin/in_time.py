"""Will it arrive in time? The board of boxes that are not there yet, and the calls to make about them today."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns import kits
from campaigns.admin import desk
from campaigns.admin.frame import may, page, require
from campaigns.desk import in_time, scopes
from campaigns.desk.in_time import Row
from campaigns.models import Box, Registration, WeekOfAction
from csan.lib import csv
from csan.lib.staff import staff_of

A_PAGE = 200  # boxes; all of them on a page to print
STATUSES = (*Box.WAITING, Box.Status.SHIPPED, *in_time.GONE)
HEADINGS = (
    "Box", "Local", "District", "City", "State", "Wave", "Status", "Zone", "Business days under way",
    "Must be there by", "Hand over by", "Expected", "Slack in business days", "In time?", "In words",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest) -> HttpResponseBase:
    """The most urgent boxes first: to look at, to print, to take along, to plan today's calls by."""
    require(may(request, "view_box"))
    week, today = desk.week_of(request), timezone.localdate()
    found = in_time.awaited(week) if week else Box.objects.none()
    scope = scopes.of(staff_of(request))
    seen, hidden = scope.boxes(found)
    chosen = _chosen(request, seen)
    rows = in_time.board(chosen, week, today) if week else []
    if request.method == "POST":
        in_time.with_locals(rows)
        return _plan_calls(request, rows)
    counts = in_time.counts(rows)
    level = request.GET.get("level", "")
    rows = [row for row in rows if level not in in_time.LEVELS or row.level == level]
    if week and request.GET.get("as") == "csv":
        in_time.with_locals(rows)
        return csv.stream([HEADINGS, *map(_cells, rows)], filename=f"in-time-{week.year}-{today}.csv")
    return _page(request, week, rows, counts=counts, hidden_count=hidden, boxless=_boxless(scope, week))


def _boxless(scope: scopes.Scope, week: WeekOfAction | None) -> tuple[int, int]:
    """How many registrations are to be approved, and how many approved places wait for a wave: none has a box yet."""
    if week is None:
        return 0, 0
    received = week.registrations.filter(scope.only("local__district"), status=Registration.Status.RECEIVED)
    places = kits.waiting_places(week).filter(scope.only("registration__local__district"))
    return received.count(), places.count()


def _chosen(request: HttpRequest, boxes: QuerySet[Box]) -> QuerySet[Box]:
    """Those of the wave and in the state that the address asks for."""
    wave, status = request.GET.get("wave", ""), request.GET.get("status", "")
    if wave.isdecimal():
        boxes = boxes.filter(wave__number=wave)
    return boxes.filter(status=status) if status in STATUSES else boxes


def _page(request: HttpRequest, week: WeekOfAction | None, rows: list[Row], **more: Any) -> HttpResponse:
    others = request.GET.copy()
    for name in ("page", "all"):
        others.pop(name, None)
    whole = max(len(rows), 1)
    shown = Paginator(rows, whole if "all" in request.GET else A_PAGE).get_page(request.GET.get("page"))
    in_time.with_locals(shown)
    context: dict[str, Any] = {
        "week": week,
        "shown": shown,
        "levels": [(level, words, more["counts"][level]) for level, words in in_time.LEVELS.items()],
        "waves": list(week.waves.order_by("number")) if week else [],
        "statuses": [(status.value, status.label) for status in STATUSES],
        "asked": {name: request.GET.get(name, "") for name in ("wave", "status", "level", "week")},
        "query": others.urlencode(),
        "today": timezone.localdate(),
        "may_call": may(request, "change_registration"),
        **more,
    }
    return page(request, "box/in_time", "Will it arrive in time?", model=Box, **context)


def _plan_calls(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    require(may(request, "change_registration"))
    count = in_time.plan_calls(rows=rows, on=timezone.localdate(), by=staff_of(request))
    if count:
        messages.success(request, f"{count} local{'' if count == 1 else 's'} on today's list of calls.")
    else:
        messages.info(request, "Nobody to add: each such local is on the list, or was called today.")
    return desk.back(request, "admin:campaigns_box_in_time")


def _cells(row: Row) -> tuple[Any, ...]:
    box = row.box
    local = box.registration.local
    return (
        box.code, str(local), local.district, box.place.city, box.place.state, box.wave.number if box.wave else "",
        box.get_status_display(), row.transit.zone, row.transit.days, row.there_by, row.hand_over_by,
        row.expected_on, row.slack, row.level_words, row.words,
    )  # fmt: skip
